import process from "node:process";
import { afterEach, expect, test } from "vitest";
import { keepWarm, type WarmFunction } from "#local/functions/queue-functions";
import { type RunningFunction, startFunction } from "#local/functions/start-function";

const timeLimitMs = 60_000;
const invalidEvent = { notAnIngestEvent: true };

let started: RunningFunction[] = [];
let logs: string[] = [];
let warm: WarmFunction | undefined;

afterEach(async () => {
  await warm?.stop();
  started = [];
  logs = [];
});

test("invokes one process with one event after another", async () => {
  warm = keepWarm(start, { timeLimitMs });

  await expect(warm.invoke(invalidEvent)).rejects.toThrow("EVENT_INVALID");
  await expect(warm.invoke(invalidEvent)).rejects.toThrow("EVENT_INVALID");
  await warm.stop();

  const failures = logs.filter((line) => JSON.parse(line).message === "Invocation failed");
  expect([started.length, failures.length]).toEqual([1, 2]);
});

test("starts another process while the first is at work", async () => {
  warm = keepWarm(start, { timeLimitMs });

  const outcomes = await Promise.allSettled([warm.invoke(invalidEvent), warm.invoke(invalidEvent)]);

  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(started).toHaveLength(2);
});

test("replaces a process that has ended", async () => {
  warm = keepWarm(start, { timeLimitMs });
  const killed = warm.invoke(invalidEvent);
  started[0]?.kill("SIGKILL");

  await expect(killed).rejects.toThrow("ended without an answer (SIGKILL)");
  await expect(warm.invoke(invalidEvent)).rejects.toThrow("EVENT_INVALID");
  await started[1]?.end();
  await expect(warm.invoke(invalidEvent)).rejects.toThrow("EVENT_INVALID");

  expect(started).toHaveLength(3);
});

test("ends a process that takes longer than the function may", async () => {
  warm = keepWarm(start, { timeLimitMs: 1 });

  await expect(warm.invoke(invalidEvent)).rejects.toThrow("ended without an answer (time-out of 0.001 s)");

  expect(started[0]?.isRunning()).toBe(false);
});

test("leaves no process when it is stopped, and starts none any more", async () => {
  warm = keepWarm(start, { timeLimitMs });
  const atWork = expect(warm.invoke(invalidEvent)).rejects.toThrow("ended without an answer (SIGTERM)");

  await warm.stop();

  await atWork;
  await expect(warm.invoke(invalidEvent)).rejects.toThrow("stopped");
  expect(started.map((running) => running.isRunning())).toEqual([false]);
});

/** A real function, with an event that it refuses before it needs anything. */
function start(): RunningFunction {
  const { POWERTOOLS_LOG_LEVEL: _, ...environment } = process.env;
  const running = startFunction("ingest-users", { environment, onLog: (line) => logs.push(line) });
  started.push(running);
  return running;
}
