import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { beginExpansion, Expansion } from "#directory/expansion";
import type { MemberReading, MemberSource } from "#directory/members";
import type { Member } from "#directory/records";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import {
  expectSameInAnyOrder,
  expectToGoOn,
  expectWhatTryingFinds,
} from "#test/unit/layers/directory/expansion-properties";

const budget = () => ({ deadline: deadlineIn(60_000) });

test("finds what trying everything finds, asking each group once, in 60 random graphs", () =>
  expectWhatTryingFinds(60));

test("comes to the same paths and cycles in whatever order members are told", () => expectSameInAnyOrder(20));

test("goes on after any group as if it had not stopped", () => expectToGoOn(30));

test("names the groups of a path as they were found", async () => {
  const [root = "", inner = "", person] = ids(3);
  const source = listing({ [root]: [group(inner)], [inner]: [member(person)] });

  const found = await Array.fromAsync(begin(root).readAll(source, budget()));

  const reference = { id: inner, name: "Inner", address: "inner@contoso.com", type: "MailUniversalDistributionGroup" };
  expect(found.map(({ path }) => path)).toEqual([[], [reference]]);
});

test("tells a group that contains itself as a cycle, not as its own member", async () => {
  const [root = "", person = ""] = ids(2);
  const expansion = begin(root);

  const found = await Array.fromAsync(expansion.readAll(listing({ [root]: [group(root), member(person)] }), budget()));

  expect(found.map(({ member }) => member.id)).toEqual([person]);
  expect(expansion.cycles).toMatchObject([[{ id: root }]]);
});

test.each([
  ["unexpanded", { type: "DynamicDistributionGroup" }],
  ["unexpanded", { type: "GroupMailbox" }],
  [null, { type: "PublicFolder" }],
  [null, { type: "RoomList" }],
])("answers %j as the reason why it is not everybody where %o is inside", async (reason, fields) => {
  const [root = "", inner = ""] = ids(2);
  const expansion = begin(root);

  await Array.fromAsync(expansion.readAll(listing({ [root]: [member(inner, fields)], [inner]: [] }), budget()));

  expect(expansion.incompleteReason).toBe(reason);
  expect(expansion.state.unexpanded.map(({ id }) => id)).toEqual(reason === null ? [] : [inner]);
});

test("names a group that is gone, and throws where it is the one that is expanded", async () => {
  const [root = "", inner = ""] = ids(2);
  const expansion = begin(root);

  await Array.fromAsync(expansion.readAll(listing({ [root]: [group(inner)] }), budget()));
  const gone = Array.fromAsync(begin(inner).readAll(listing({}), budget()));

  expect(expansion.state.unresolved).toEqual({
    count: 1,
    first: [{ id: inner, foundIn: root, reason: "There is no such group." }],
  });
  expect(expansion.incompleteReason).toBe("unresolved");
  await expect(gone).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND" });
});

test("counts all that is unresolved and names the first hundred", async () => {
  const [root = ""] = ids(1);
  const expansion = begin(root);
  const bad = Array.from({ length: 150 }, () => ({ ok: false, id: undefined, reason: "bad" }) as const);

  await Array.fromAsync(expansion.readAll(listing({ [root]: bad }), budget()));

  expect(expansion.state.unresolved.count).toBe(150);
  expect(expansion.state.unresolved.first).toHaveLength(100);
});

test("stops after so many queries, says how many groups are left, and can go on", async () => {
  const [root = "", one = "", other = ""] = ids(3);
  const source = listing({ [root]: [group(one), group(other)], [one]: [], [other]: [] });
  const expansion = begin(root);

  await Array.fromAsync(expansion.readAll(source, { ...budget(), maxQueries: 2 }));
  const stopped = [expansion.incompleteReason, expansion.unreadGroups];
  await Array.fromAsync(expansion.readAll(source, budget()));

  expect(stopped).toEqual(["queries", 1]);
  expect([expansion.incompleteReason, expansion.unreadGroups]).toEqual([null, 0]);
});

test("stops when the time is over, before a group and in the middle of one", async () => {
  const [root = "", inner = "", person = ""] = ids(3);
  const late = { deadline: { at: Date.now() + 60_000 } };
  const source: MemberSource = async function* read({ id }) {
    if (id === root) yield group(inner);
    else {
      yield member(person);
      late.deadline.at = 0;
      throw new ExchangeError("POWERSHELL_TIMEOUT", "The deadline passed.");
    }
  };
  const inTheMiddle = begin(root);
  const before = begin(root);

  const found = await Array.fromAsync(inTheMiddle.readAll(source, late));
  await Array.fromAsync(before.readAll(source, { deadline: { at: 0 } }));

  expect(found.map(({ member }) => member.id)).toEqual([inner, person]);
  expect([inTheMiddle.incompleteReason, inTheMiddle.unreadGroups]).toEqual(["deadline", 1]);
  expect([before.incompleteReason, before.unreadGroups]).toEqual(["deadline", 1]);
});

test("throws what stops a group from being read, and reads that group again when it goes on", async () => {
  const [root = "", one = "", other = ""] = ids(3);
  let isBroken = true;
  const source: MemberSource = async function* read({ id }) {
    if (id !== root) return;
    yield member(one);
    if (isBroken) throw new ExchangeError("THROTTLED", "Too many requests.");
    yield member(other);
  };
  const expansion = begin(root);

  const failed = Array.fromAsync(expansion.readAll(source, budget()));
  await expect(failed).rejects.toMatchObject({ code: "THROTTLED" });
  const unfinished = [expansion.incompleteReason, expansion.unreadGroups];
  isBroken = false;
  const found = await Array.fromAsync(expansion.readAll(source, budget()));

  expect(unfinished).toEqual(["unread", 1]);
  expect(found.map(({ member }) => member.id)).toEqual([other]);
  expect(expansion.state.byType).toEqual({ UserMailbox: 2 });
});

function ids(count: number): string[] {
  return Array.from({ length: count }, () => randomUUID());
}

function begin(id: string | undefined): Expansion {
  return new Expansion(
    beginExpansion({ id: id ?? "", name: "Root", address: null, type: "MailUniversalDistributionGroup" }),
  );
}

function member(id = "", fields: Partial<Member> = {}): MemberReading {
  return { ok: true, member: { id, name: "inner", displayName: null, type: "UserMailbox", ...fields } };
}

function group(id = ""): MemberReading {
  return member(id, { displayName: "Inner", address: "inner@contoso.com", type: "MailUniversalDistributionGroup" });
}

/** A source of what each group gives; of any other there is none. */
function listing(groups: Record<string, MemberReading[]>): MemberSource {
  return async function* give({ id }) {
    const readings = groups[id];
    if (readings === undefined) throw new ExchangeError("OBJECT_NOT_FOUND", "There is no such group.");
    yield* readings;
  };
}
