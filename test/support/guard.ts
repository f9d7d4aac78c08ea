/**
 * Guards a wait against hanging, and no more: what is waited for comes long before, on a slow and busy machine too. Where
 * progress can be seen it counts from the last.
 */
export const guardMs = 100_000;

/** The same for vi.waitFor and vi.waitUntil. */
export const guard = { timeout: guardMs, interval: 10 };
