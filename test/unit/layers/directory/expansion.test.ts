import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Expansion, type FoundMember } from "#directory/expansion";
import { beginExpansion, expansionStateSchema } from "#directory/expansion-state";
import type { Member } from "#directory/member";
import type { MemberSource } from "#directory/member-source";
import type { MemberReading } from "#directory/members";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/exchange-error";
import { GuidSet } from "#runtime/guid-set";
import {
  type GroupGraph,
  groupGraphs,
  referenceOf,
  rootOf,
  sourceOf,
  throughJson,
} from "#test/unit/layers/directory/group-graph";

const runs = 1_000;
const budget = () => ({ deadline: deadlineIn(60_000) });

async function expand(graph: GroupGraph, source: MemberSource = sourceOf(graph)) {
  const expansion = new Expansion(beginExpansion(rootOf(graph)));
  const found = await Array.fromAsync(expansion.readAll(source, budget()));
  return { expansion, found };
}

const toPath = ({ member, path }: FoundMember) => [member.id, path.map(({ id }) => id)] as const;

test("finds what trying everything finds, asking each group once, in 1,000 random graphs", async () => {
  await fc.assert(
    fc.asyncProperty(groupGraphs, async (graph) => {
      const reference = referenceOf(graph);
      const asked: string[] = [];

      const { expansion, found } = await expand(graph, sourceOf(graph, asked));

      expect(new Map(found.map(toPath))).toEqual(reference.paths);
      expect(found).toHaveLength(reference.paths.size);
      expect(asked).toEqual(reference.groups);
      const { byType, unexpanded, unresolved } = expansionStateSchema.parse(expansion.state);
      expect(byType).toEqual(countTypes(found));
      expect(unexpanded.map(({ id }) => id).sort()).toEqual(reference.unexpanded.sort());
      expect(unresolved.count).toBe(reference.unresolved);
      expectRings(
        expansion.cycles.map((ring) => ring.map(({ id }) => id)),
        graph,
        reference.tangles,
      );
    }),
    { numRuns: runs },
  );
}, 60_000);

test("comes to the same paths and cycles in whatever order members are told", async () => {
  await fc.assert(
    fc.asyncProperty(groupGraphs, fc.infiniteStream(fc.nat()), async (graph, draws) => {
      const one = await expand(graph);
      const order = new Map(graph.keys().map((id) => [id, draws.next().value]));
      const byOrder = (a: string, b: string) => (order.get(a) ?? 0) - (order.get(b) ?? 0);
      const shuffled = new Map(
        [...graph].map(([id, group]) => [id, { ...group, members: group.members.toSorted(byOrder) }]),
      );

      const other = await expand(shuffled);

      expect(new Map(other.found.map(toPath))).toEqual(new Map(one.found.map(toPath)));
      expect(other.expansion.cycles).toEqual(one.expansion.cycles);
    }),
    { numRuns: 200 },
  );
}, 60_000);

test("goes on after any group as if it had not stopped", async () => {
  await fc.assert(
    fc.asyncProperty(groupGraphs, fc.infiniteStream(fc.boolean()), async (graph, stops) => {
      const whole = await expand(graph);
      const asked: string[] = [];
      const source = sourceOf(graph, asked);
      const found: FoundMember[] = [];
      let expansion = new Expansion(beginExpansion(rootOf(graph)));

      while (expansion.unreadGroups > 0) {
        found.push(...(await Array.fromAsync(expansion.readNext(source))));
        if (stops.next().value) expansion = new Expansion(throughJson(expansion.state), idsOf(found));
      }

      expect(found).toEqual(whole.found);
      expect(asked).toHaveLength(new Set(asked).size);
      expect(expansion.state).toEqual(whole.expansion.state);
      expect(expansion.cycles).toEqual(whole.expansion.cycles);
    }),
    { numRuns: 300 },
  );
}, 60_000);

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

/** Every ring is one, none comes twice, and together they hold the groups that are in themselves and no others. */
function expectRings(rings: readonly string[][], graph: GroupGraph, tangles: readonly string[][]): void {
  for (const ring of rings) {
    expect(new Set(ring).size).toBe(ring.length);
    ring.forEach((id, place) => {
      expect(graph.get(id)?.members).toContain(ring[(place + 1) % ring.length]);
    });
  }
  expect(new Set(rings.map((ring) => ring.toSorted().join())).size).toBe(rings.length);
  expect(new Set(rings.flat())).toEqual(new Set(tangles.flat()));
  for (const tangle of tangles.filter(({ length }) => length > 1)) {
    const own = rings.filter((ring) => ring.length > 1 && ring.every((id) => tangle.includes(id)));
    expect(new Set(own.flat())).toEqual(new Set(tangle));
  }
  const inThemselves = tangles.flat().filter((id) => graph.get(id)?.members.includes(id));
  expect(
    rings
      .filter(({ length }) => length === 1)
      .flat()
      .sort(),
  ).toEqual(inThemselves.sort());
}

function countTypes(found: readonly FoundMember[]): Record<string, number> {
  const groups = Map.groupBy(found, ({ member }) => member.type);
  return Object.fromEntries(groups.entries().map(([type, those]) => [type, those.length]));
}

function idsOf(found: readonly FoundMember[]): GuidSet {
  const seen = new GuidSet();
  for (const { member } of found) seen.add(member.id);
  return seen;
}

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
