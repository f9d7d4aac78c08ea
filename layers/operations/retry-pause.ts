import type { Message } from "#operations/message";

const firstPauseMs = 5_000;
const factor = 5;

/** How long a message waits before it comes again: up to 5 s, 25 s, 2 min, 10 min, not the same for all at once. */
export function retryPauseMs({ attributes }: Message): number {
  return vary(firstPauseMs * factor ** (attributes.ApproximateReceiveCount - 1));
}

/** The same, up to 5 s, after an attempt that got on and ran out of time: nothing is to be waited for. */
export function shortPauseMs(): number {
  return vary(firstPauseMs);
}

function vary(pauseMs: number): number {
  return pauseMs * (0.5 + Math.random() / 2);
}
