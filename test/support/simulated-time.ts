import type { TransformCallback } from "node:stream";
import { Gzip, type Zlib } from "node:zlib";
import { onTestFinished, vi } from "vitest";

/**
 * Lets time stand still while anything is at work, and then pass at once until the next pause is over: what runs in memory
 * takes the same course on every machine, however slow. Nothing may wait for what lies outside the process. Ends with the
 * test.
 */
export function simulateTime(): void {
  vi.useFakeTimers({
    now: new Date("2026-01-31T12:00:00Z"),
    toFake: ["setTimeout", "clearTimeout", "Date"],
    fakeNodeBuiltins: true,
  });
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation(abortAfter);
  const compression = watchCompression();
  let isOver = false;
  const passTime = (): void => {
    if (isOver) return;
    if (!compression.isAtWork()) vi.advanceTimersToNextTimer();
    setImmediate(passTime);
  };
  setImmediate(passTime);

  onTestFinished(() => {
    isOver = true;
    compression.stop();
    timeout.mockRestore();
    vi.useRealTimers();
  });
}

function abortAfter(pauseMs: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException("The operation timed out.", "TimeoutError")), pauseMs);
  return controller.signal;
}

type Transforming = Zlib & { _transform(chunk: unknown, encoding: BufferEncoding, done: TransformCallback): void };

/** What is compressed and expanded is so by threads, of which no timer and no promise tells. */
function watchCompression() {
  let pending = 0;
  const prototype = ownerOf(Gzip.prototype, "_transform") as Transforming;
  const original = prototype._transform;
  prototype._transform = function transform(chunk, encoding, done) {
    pending += 1;
    original.call(this, chunk, encoding, (...answer) => {
      pending -= 1;
      done(...answer);
    });
  };
  return {
    isAtWork: () => pending > 0,
    stop: () => {
      prototype._transform = original;
    },
  };
}

function ownerOf(prototype: object, name: string): object {
  return Object.hasOwn(prototype, name) ? prototype : ownerOf(Object.getPrototypeOf(prototype), name);
}
