import { onTestFinished, vi } from "vitest";

/**
 * Holds this process's clock and its timers until the test is over, and lets as much time pass as it says, and on until
 * `ended` is settled. Other processes, pipes and sockets go on: what has to happen before a deadline has all the time that it
 * takes.
 */
export function holdTime(): (durationMs: number, ended?: Promise<unknown>) => Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  onTestFinished(() => void vi.useRealTimers());
  return async (durationMs, ended = Promise.resolve()) => {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    ended.then(end, end);
    await vi.advanceTimersByTimeAsync(durationMs);
    while (!isOver) {
      await vi.advanceTimersByTimeAsync(stepMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
}

const stepMs = 10;
