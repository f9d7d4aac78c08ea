import { beforeEach, expect, test, vi } from "vitest";
import { type Attempt, lookUp } from "#lookups/look-up";
import { deadlineIn } from "#runtime/deadline";
import { type ErrorCode, ExchangeError } from "#runtime/errors";
import { simulateTime } from "#test/support/simulated-time";

beforeEach(simulateTime);

const lambda = (limitMs: number) => ({ deadline: deadlineIn(limitMs) });

/** Fails with these codes, one after another, and then answers. */
function failing(...codes: ErrorCode[]) {
  return vi.fn(async (_attempt: Attempt) => {
    const code = codes.shift();
    if (code !== undefined) throw new ExchangeError(code, "It failed.");
    return "answer";
  });
}

test("gives 25 seconds, or what Lambda leaves", async () => {
  const [long, short] = [failing(), failing()];
  const before = Date.now();

  await lookUp(lambda(600_000), long);
  await lookUp(lambda(9_000), short);

  const limits = [long, short].map(({ mock }) => Math.round(((mock.calls[0]?.[0].deadline.at ?? 0) - before) / 1000));
  expect(limits).toEqual([25, 9]);
});

test.each(["POWERSHELL_EXITED", "EXCHANGE_TRANSIENT", "NOT_CONNECTED"] as const)(
  "looks again after %s, from its start",
  async (code) => {
    const look = failing(code);

    await expect(lookUp(lambda(60_000), look, [10])).resolves.toBe("answer");

    const [first, second] = look.mock.calls.map(([attempt]) => attempt);
    expect(second?.deadline).toEqual(first?.deadline);
    expect((second?.asOf ?? "") > (first?.asOf ?? "")).toBe(true);
  },
);

test("looks again as often as there are pauses", async () => {
  const look = failing("POWERSHELL_EXITED", "EXCHANGE_TRANSIENT", "POWERSHELL_GARBLED");

  await expect(lookUp(lambda(60_000), look, [1, 1])).rejects.toMatchObject({ code: "POWERSHELL_GARBLED" });
  expect(look).toHaveBeenCalledTimes(3);
});

test("tells why there was no answer, not that the time was over", async () => {
  const look = failing("EXCHANGE_TRANSIENT", "POWERSHELL_TIMEOUT", "DEADLINE_TOO_CLOSE");

  await expect(lookUp(lambda(60_000), look, [1, 1])).rejects.toMatchObject({ code: "EXCHANGE_TRANSIENT" });
});

test.each([
  { what: "what will fail again", code: "COMMAND_NOT_PERMITTED", limitMs: 60_000 },
  { what: "where Exchange is asked too much", code: "THROTTLED", limitMs: 60_000 },
  { what: "where too little time is left", code: "POWERSHELL_EXITED", limitMs: 8_000 },
] as const)("does not look again: $what", async ({ code, limitMs }) => {
  const look = failing(code);

  await expect(lookUp(lambda(limitMs), look)).rejects.toMatchObject({ code });
  expect(look).toHaveBeenCalledTimes(1);
});
