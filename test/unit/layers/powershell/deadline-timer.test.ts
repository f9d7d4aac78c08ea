import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deadlineIn, whenPassed } from "#runtime/deadline";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("acts once, when the deadline passes", () => {
  const act = vi.fn();
  whenPassed(deadlineIn(1_000), act);

  vi.advanceTimersByTime(999);
  const callsBefore = act.mock.calls.length;
  vi.advanceTimersByTime(10_000);

  expect(callsBefore).toBe(0);
  expect(act).toHaveBeenCalledOnce();
});

test("acts at once where the deadline has passed", () => {
  const act = vi.fn();

  whenPassed(deadlineIn(-1), act);

  expect(act).toHaveBeenCalledOnce();
});

test("does not act once it is called off", () => {
  const act = vi.fn();
  const callOff = whenPassed(deadlineIn(1_000), act);

  callOff();
  vi.advanceTimersByTime(10_000);

  expect(act).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test("waits for a deadline that is farther away than a timer can be set", () => {
  const thirtyDaysMs = 30 * 24 * 60 * 60 * 1000;
  const act = vi.fn();
  whenPassed(deadlineIn(thirtyDaysMs), act);

  vi.advanceTimersByTime(thirtyDaysMs - 1);
  const callsBefore = act.mock.calls.length;
  vi.advanceTimersByTime(1);

  expect(callsBefore).toBe(0);
  expect(act).toHaveBeenCalledOnce();
});

test("goes by the wall clock where timers run fast", () => {
  const act = vi.fn();
  const deadline = deadlineIn(1_000);
  whenPassed(deadline, act);

  vi.setSystemTime(Date.now() - 500);
  vi.advanceTimersByTime(1_000);
  const callsBefore = act.mock.calls.length;
  vi.advanceTimersByTime(500);

  expect(callsBefore).toBe(0);
  expect(act).toHaveBeenCalledOnce();
});
