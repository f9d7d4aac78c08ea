import type { Message } from "#operations/message";

const firstPauseMs = 5_000;
const factor = 5;

/** How long a message waits before it comes again: up to 5 s, 25 s, 2 min, 10 min, not the same for all at once. */
export function retryPauseMs({ attributes }: Message): number {
  const pauseMs = firstPauseMs * factor ** (attributes.ApproximateReceiveCount - 1);
  return pauseMs * (0.5 + Math.random() / 2);
}
