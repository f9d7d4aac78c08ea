/** Groups by id, each with the ids of the groups that are directly in it. */
export type GroupGraph = ReadonlyMap<string, readonly string[]>;

/**
 * The rings in which groups contain each other: each contains the next one, and the last the first. A group that is its own
 * member is a ring of one; every other group that is in itself through others is in at least one ring of several. No ring
 * comes twice, and two ways to one group are none. A ring begins with its first group in the graph's order, which is also the
 * order of rings.
 */
export function findCycles(graph: GroupGraph): string[][] {
  const places = new Map([...graph.keys()].map((id, place) => [id, place]));
  const placeOf = (id: string | undefined) => places.get(id ?? "") ?? 0;
  const rings = [...graph].flatMap(([id, inside]) => (inside.includes(id) ? [[id]] : []));
  const cyclicCore = pruneLeaves(graph);
  const told = new Set<string>();
  for (const id of cyclicCore.keys()) {
    const ring = told.has(id) ? undefined : shortestRing(id, cyclicCore);
    if (ring === undefined) continue;
    for (const each of ring) told.add(each);
    const first = ring.indexOf(ring.reduce((one, other) => (placeOf(one) <= placeOf(other) ? one : other)));
    rings.push([...ring.slice(first), ...ring.slice(0, first)]);
  }
  return rings.sort((one, other) => placeOf(one[0]) - placeOf(other[0]));
}

/** What is left when groups that contain no group but themselves are taken away, again and again. */
function pruneLeaves(graph: GroupGraph): Map<string, Set<string>> {
  const left = new Map(
    [...graph].map(([id, inside]) => [id, new Set(inside.filter((each) => each !== id && graph.has(each)))]),
  );
  const holders = new Map([...left.keys()].map((id) => [id, [] as string[]]));
  for (const [id, inside] of left) for (const each of inside) holders.get(each)?.push(id);
  const ends = [...left.keys()].filter((id) => left.get(id)?.size === 0);
  for (const end of ends) {
    left.delete(end);
    for (const holder of holders.get(end) ?? []) {
      const inside = left.get(holder);
      inside?.delete(end);
      if (inside?.size === 0) ends.push(holder);
    }
  }
  return left;
}

/** The groups on one of the shortest ways from a group back to it; undefined where there is none. */
function shortestRing(start: string, graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const holderOf = new Map<string, string>();
  const reached = [start];
  for (const id of reached) {
    for (const inside of graph.get(id) ?? []) {
      if (inside === start) return wayTo(id, holderOf);
      if (holderOf.has(inside)) continue;
      holderOf.set(inside, id);
      reached.push(inside);
    }
  }
  return undefined;
}

function wayTo(id: string, holderOf: ReadonlyMap<string, string>): string[] {
  const way: string[] = [];
  for (let each: string | undefined = id; each !== undefined; each = holderOf.get(each)) way.unshift(each);
  return way;
}
