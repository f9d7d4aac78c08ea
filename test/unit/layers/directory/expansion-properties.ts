import fc from "fast-check";
import { expect } from "vitest";
import { beginExpansion, Expansion, expansionStateSchema, type FoundMember } from "#directory/expansion";
import type { MemberSource } from "#directory/members";
import { deadlineIn } from "#runtime/deadline";
import {
  type GroupGraph,
  groupGraphs,
  referenceOf,
  rootOf,
  sourceOf,
  throughJson,
} from "#test/unit/layers/directory/group-graph";

async function expand(graph: GroupGraph, source: MemberSource = sourceOf(graph)) {
  const expansion = new Expansion(beginExpansion(rootOf(graph)));
  const found = await Array.fromAsync(expansion.readAll(source, { deadline: deadlineIn(60_000) }));
  return { expansion, found };
}

const toPath = ({ member, path }: FoundMember) => [member.id, path.map(({ id }) => id)] as const;

/** Expects to find in so many random graphs what trying everything finds, asking each group once. */
export async function expectWhatTryingFinds(graphs: number): Promise<void> {
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
    { numRuns: graphs },
  );
}

/** Expects the same paths and cycles of so many graphs in whatever order members are told. */
export async function expectSameInAnyOrder(graphs: number): Promise<void> {
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
    { numRuns: graphs },
  );
}

/** Expects the expansion of so many graphs to go on after any group as if it had not stopped. */
export async function expectToGoOn(graphs: number): Promise<void> {
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
    { numRuns: graphs },
  );
}

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

function idsOf(found: readonly FoundMember[]): Set<string> {
  const seen = new Set<string>();
  for (const { member } of found) seen.add(member.id);
  return seen;
}
