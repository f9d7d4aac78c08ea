import { Metrics } from "@aws-lambda-powertools/metrics";
import { onTestFinished, vi } from "vitest";

/** Every metric that is recorded from now on until the test ends, with its value. */
export function watchMetrics(): [name: string, value: number][] {
  const recorded: [string, number][] = [];
  const spy = vi.spyOn(Metrics.prototype, "addMetric").mockImplementation(function add(this: Metrics, name, _, value) {
    recorded.push([name, value]);
    return this;
  });
  onTestFinished(() => spy.mockRestore());
  return recorded;
}
