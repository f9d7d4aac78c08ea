import { vi } from "vitest";

/** Waits until a check answers something true, and answers that. The time limit is a guard against hanging alone. */
export function eventually<Value>(check: () => Value | Promise<Value>) {
  return vi.waitUntil(check, { timeout: 100_000, interval: 5 });
}
