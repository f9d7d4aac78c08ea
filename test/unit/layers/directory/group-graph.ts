import { hash } from "node:crypto";
import fc from "fast-check";
import type { ExpansionState } from "#directory/expansion";
import type { MemberReading, MemberSource } from "#directory/members";
import { type Reference as GroupReference, referenceSchema } from "#directory/reference";
import { ExchangeError } from "#runtime/errors";

export type ModelObject = {
  id: string;
  type: string;
  /** Who is directly in it, in the order it is told. */
  members: string[];
  /** Known as a member, and gone when it is asked for. */
  isGone: boolean;
  /** Rows of it of which no record can be made. */
  badRows: number;
};

/** Objects by id, of which the first is the group to expand. */
export type GroupGraph = ReadonlyMap<string, ModelObject>;

const listed = ["MailUniversalDistributionGroup", "MailUniversalSecurityGroup", "RoomList", "MailNonUniversalGroup"];
const others = ["GroupMailbox", "DynamicDistributionGroup", "UserMailbox", "UserMailbox", "MailContact"];

/** Objects by number: each is told who is in it by numbers that are taken as far as there are objects. */
type Plan = { salt: string; objects: { type: string; members: number[]; isGone: boolean; badRows: number }[] };

const randomPlan: fc.Arbitrary<Plan> = fc.record({
  salt: fc.string(),
  objects: fc.array(
    fc.record({
      type: fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom(...listed) },
        { weight: 1, arbitrary: fc.constantFrom(...others) },
      ),
      members: fc.oneof(fc.array(fc.nat(40), { maxLength: 8, size: "max" }), fc.array(fc.nat(6), { maxLength: 4 })),
      isGone: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
      badRows: fc.integer({ min: -8, max: 2 }).map((draw) => Math.max(0, draw)),
    }),
    { minLength: 1, maxLength: 30, size: "max" },
  ),
});

/** Groups in each other, 50 deep, the last one in some of the others; people at the end of it. */
const deepPlan: fc.Arbitrary<Plan> = fc.array(fc.nat(50), { maxLength: 5 }).map((back) => ({
  salt: "deep",
  objects: Array.from({ length: 52 }, (_, number) => ({
    type: number < 51 ? "MailUniversalDistributionGroup" : "UserMailbox",
    members: number < 51 ? [number + 1, ...(number === 50 ? back : [])] : [],
    isGone: false,
    badRows: 0,
  })),
}));

/** Three groups, one in the other, of which one has 10,000 people. */
const crowdPlan: fc.Arbitrary<Plan> = fc.nat(2).map((crowded) => ({
  salt: "crowd",
  objects: Array.from({ length: 10_003 }, (_, number) => ({
    type: number < 3 ? "MailUniversalDistributionGroup" : "UserMailbox",
    members: [
      ...(number < 2 ? [number + 1] : []),
      ...(number === crowded ? Array.from({ length: 10_000 }, (_, place) => place + 3) : []),
    ],
    isGone: false,
    badRows: 0,
  })),
}));

/** Groups of every shape: cycles, groups in themselves, diamonds, deep ones, crowded ones, empty ones, some that are gone. */
export const groupGraphs: fc.Arbitrary<GroupGraph> = fc
  .oneof({ weight: 60, arbitrary: randomPlan }, { weight: 2, arbitrary: deepPlan }, { weight: 1, arbitrary: crowdPlan })
  .map(toGraph);

function toGraph({ salt, objects }: Plan): GroupGraph {
  const ids = objects.map((_, number) => toGuid(`${salt} ${number}`));
  return new Map(
    objects.map((object, number) => {
      const id = ids[number] ?? "";
      const members = object.members.flatMap((member) => ids[member % ids.length] ?? []);
      const root = number === 0 ? { type: "MailUniversalDistributionGroup", isGone: false } : {};
      return [id, { ...object, id, members, ...root }];
    }),
  );
}

function toGuid(text: string): string {
  return hash("sha256", text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

export function rootOf(graph: GroupGraph): GroupReference {
  const [root] = graph.values();
  return referenceSchema.parse({ id: root?.id, name: root?.id, address: null, type: root?.type });
}

/** Gives the graph's groups, each member with its id as its name, and notes which were asked for. */
export function sourceOf(graph: GroupGraph, asked: string[] = []): MemberSource {
  return async function* give({ id }): AsyncGenerator<MemberReading> {
    asked.push(id);
    const group = graph.get(id);
    if (group === undefined || group.isGone) throw new ExchangeError("OBJECT_NOT_FOUND", "There is no such group.");
    for (const member of group.members) {
      const { type = "" } = graph.get(member) ?? {};
      yield { ok: true, member: { id: member, name: member, displayName: null, address: null, type } };
    }
    for (let row = 0; row < group.badRows; row += 1) yield { ok: false, id: undefined, reason: "is no record" };
  };
}

export type Reference = {
  /** The ids of members by the group they are found in first, and of the groups between. */
  paths: Map<string, string[]>;
  /** Groups that can be read, by how far they are and then by id. */
  groups: string[];
  /** The groups of which each can be reached from each, and those in themselves. */
  tangles: string[][];
  unexpanded: string[];
  unresolved: number;
};

/** The same answers by trying everything. */
export function referenceOf(graph: GroupGraph): Reference {
  const root = rootOf(graph).id;
  const isListed = (id: string) => listed.includes(graph.get(id)?.type ?? "");
  const inside = (id: string) => (graph.get(id)?.isGone ? [] : (graph.get(id)?.members ?? []));
  const pathTo = new Map<string, string[]>([[root, []]]);
  const groups: string[] = [];
  for (let level = [root]; level.length > 0; ) {
    groups.push(...level);
    const found = new Map<string, string[]>();
    for (const group of level) {
      const path = group === root ? [] : [...(pathTo.get(group) ?? []), group];
      for (const member of inside(group)) if (!pathTo.has(member) && !found.has(member)) found.set(member, path);
    }
    for (const [member, path] of found) pathTo.set(member, path);
    level = [...found.keys()].filter(isListed).sort();
  }
  pathTo.delete(root);

  return {
    paths: pathTo,
    groups,
    tangles: tanglesOf(groups, (id) => inside(id).filter(isListed)),
    unexpanded: [...pathTo.keys()].filter((id) => /Group/.test(graph.get(id)?.type ?? "") && !isListed(id)),
    unresolved: groups.reduce((sum, id) => sum + (graph.get(id)?.isGone ? 1 : (graph.get(id)?.badRows ?? 0)), 0),
  };
}

function tanglesOf(groups: readonly string[], inside: (id: string) => string[]): string[][] {
  const reached = new Map(groups.map((id) => [id, reachFrom(id, inside)]));
  const sets = groups
    .filter((id) => reached.get(id)?.has(id))
    .map((id) => groups.filter((other) => reached.get(id)?.has(other) && reached.get(other)?.has(id)).sort());
  return [...new Map(sets.map((set) => [set.join(), set])).values()];
}

/** Everything that is in a group, itself too where it is in itself. */
function reachFrom(id: string, inside: (id: string) => string[]): Set<string> {
  const reached = new Set<string>();
  const visit = (from: string) => {
    for (const member of inside(from)) {
      if (reached.has(member)) continue;
      reached.add(member);
      visit(member);
    }
  };
  visit(id);
  return reached;
}

/** As another process finds a state again. */
export function throughJson(state: ExpansionState): ExpansionState {
  return JSON.parse(JSON.stringify(state));
}
