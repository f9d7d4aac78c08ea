import { beforeEach, expect, test } from "vitest";
import { maxReceiveCount } from "#operations/message";
import { ExchangeError } from "#runtime/errors";
import { simulateTime } from "#test/support/simulated-time";
import {
  chain,
  eachGroup,
  expectSmallState,
  failAt,
  openAudience,
  runOutOfTime,
} from "#test/unit/layers/operations/expand-audience/audience-fixture";

beforeEach(simulateTime);

const trouble = new ExchangeError("EXCHANGE_TRANSIENT", "It will pass.");

test("comes again soon, however often it came, when the time is over after something was kept", async () => {
  const audience = openAudience(chain(4));

  await audience.receive({ receives: 3, beforeRead: runOutOfTime(3) });
  const { expansion } = await audience.readState();
  await audience.receive({ receives: 4 });

  expect(audience.pausesMs).toEqual([expect.toSatisfy((pauseMs: number) => pauseMs <= 5_000)]);
  expect(expansion.readGroups).toBe(2);
  expect(audience.asked).toEqual([...audience.groups.slice(0, 3), ...audience.groups.slice(2)]);
  expect(audience.results()).toMatchObject([{ final: true, outcome: "succeeded", attempts: 2 }]);
  await audience.expectWhole();
});

test("waits as after any trouble when the time is over and nothing was kept", async () => {
  const audience = openAudience(chain(3));

  await audience.receive({ receives: 3, beforeRead: runOutOfTime(1) });

  expect(audience.pausesMs).toEqual([expect.toSatisfy((pauseMs: number) => pauseMs > 60_000)]);
});

test("sends a half-read audience to the dead-letter queue, says so, and goes on from there when it comes back", async () => {
  const audience = openAudience(chain(4));

  const isDone = await audience.receive({ receives: maxReceiveCount, beforeRead: failAt(3, trouble) });
  const notices = audience.results();
  await audience.receive({ receives: 1 });

  expect(isDone).toBe(false);
  expect(notices.map(({ final, outcome }) => [final, outcome])).toEqual([
    [false, "pending"],
    [false, "pending"],
  ]);
  expect(notices[1]?.audience).toMatchObject({ groups: 2, members: 4, complete: false, reason: "unread" });
  expect(audience.asked.slice(3)).toEqual(audience.groups.slice(2));
  expect(audience.results().at(-1)).toMatchObject({ final: true, outcome: "succeeded" });
  await audience.expectWhole();
});

test("fails on the last receive where no group could be read", async () => {
  const audience = openAudience(chain(3));

  const isDone = await audience.receive({ receives: maxReceiveCount, beforeRead: failAt(1, trouble) });

  expect(isDone).toBe(true);
  expect(audience.results().at(-1)).toMatchObject({ final: true, outcome: "failed", audience: { groups: 0 } });
});

test("fails at once where only a change can help, also in the middle", async () => {
  const audience = openAudience(chain(3));
  const error = new ExchangeError("COMMAND_NOT_PERMITTED", "The app may not.");

  const isDone = await audience.receive({ beforeRead: failAt(2, error) });

  expect(isDone).toBe(true);
  expect(audience.results()).toMatchObject([{ final: true, outcome: "failed", error: { code: error.code } }]);
});

test("keeps its pages from an attempt that was thought dead and still writes", async () => {
  const audience = openAudience(chain(3));
  const isFrozen = Promise.withResolvers<void>();
  const thaw = Promise.withResolvers<void>();
  const freeze = () => {
    isFrozen.resolve();
    return thaw.promise;
  };

  const frozen = audience.receive({ beforePage: freeze });
  await isFrozen.promise;
  await audience.endLease();
  await audience.receive({ receives: 2, settings: { ...eachGroup, checkpointRows: 100 } });
  thaw.resolve();
  await expect(frozen).rejects.toMatchObject({ code: "CLAIM_LOST" });

  expect(audience.results()).toMatchObject([{ final: true, outcome: "succeeded", attempts: 2 }]);
  await audience.expectWhole();
});

test("does not go on from a page that is not what was written", async () => {
  const audience = openAudience(chain(3));
  await audience.receive({ beforeRead: failAt(2, trouble) });
  const { pages } = await audience.readState();

  await audience.store.put(pages[0]?.key ?? "", "something else");
  await audience.receive({ receives: 2 });

  expect(audience.results()).toMatchObject([{ final: true, outcome: "failed", error: { code: "STORAGE_CORRUPT" } }]);
});

test("tells how far it is, by results that are not final", async () => {
  const audience = openAudience(chain(5));

  await audience.receive({ settings: { ...eachGroup, noticeMs: 0 } });

  const notices = audience.results().slice(0, -1);
  expect(notices).toHaveLength(9);
  expect(notices[0]).toMatchObject({ final: false, outcome: "pending", attempts: 1, audience: { complete: false } });
  expect(notices.map((notice) => notice.audience?.members)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(notices[1]?.userMessage).toBe(`${audience.groups[0]}: 2 members so far, 2 more lists to read.`);
});

test("goes on where notices cannot be sent", async () => {
  const audience = openAudience(chain(3));
  const beforeNotice = () => {
    throw new Error("SQS did not answer.");
  };

  await audience.receive({ settings: { ...eachGroup, noticeMs: 0 }, beforeNotice });

  expect(audience.results()).toMatchObject([{ final: true, outcome: "succeeded" }]);
});

test("counts as far as there is time in a dry run, keeps and writes nothing, and says that it is not all", async () => {
  const audience = openAudience(chain(4));

  await audience.receive({ dryRun: true, beforeRead: runOutOfTime(3) });

  expect(audience.results()).toMatchObject([
    {
      final: true,
      dryRun: true,
      outcome: "partial",
      audience: { groups: 2, members: 4, complete: false, reason: "deadline", manifestKey: null, pages: 0 },
    },
  ]);
  expect(audience.results()[0]?.userMessage).toContain("no time to read every list");
  expect(audience.store.keys()).toEqual([]);
});

test("keeps 500 groups in a few hundred bytes each, and goes on from them", () => expectSmallState(500));

test("finds the same again where it was cut off between its manifest and its end", async () => {
  const audience = openAudience(chain(3));
  await audience.receive();
  const [first] = audience.results();

  await audience.forgetEnd();
  await audience.receive({ receives: 2 });

  const [, second] = audience.results();
  expect(audience.asked).toHaveLength(3);
  expect(second?.audience).toEqual(first?.audience);
  await audience.expectWhole();
});
