import { setTimeout as delay } from "node:timers/promises";

/**
 * Guards a wait against hanging, and no more: what is waited for comes long before, on a slow and busy machine too. Where
 * progress can be seen it counts from the last.
 */
export const guardMs = 100_000;

/** Waits until a check neither throws nor answers false, and answers what it does. Held time stands still meanwhile. */
export async function eventually<Value>(check: () => Value | Promise<Value>): Promise<Exclude<Value, false>> {
  const startedAt = performance.now();
  for (;;) {
    let cause: unknown;
    try {
      const value = await check();
      if (value !== false) return value as Exclude<Value, false>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() - startedAt > guardMs) throw new Error(`Not so after ${guardMs} ms: ${check}`, { cause });
    await delay(5);
  }
}
