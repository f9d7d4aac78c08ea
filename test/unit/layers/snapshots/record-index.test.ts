import fc from "fast-check";
import { expect, test } from "vitest";
import { RecordIndex } from "#snapshots/tally";

const ids = fc.oneof(
  fc.uuid(),
  fc.constantFrom(...["0", "1", "2"].map((n) => `00000000-0000-0000-0000-00000000000${n}`)),
);
const records = fc.array(fc.tuple(ids, fc.constantFrom("a", "b", "c")));

test("compares a run with its base as a map does", () => {
  fc.assert(
    fc.property(records, records, (base, run) => {
      const index = new RecordIndex();
      const baseMap = new Map(base.map(([id, content]) => [id, content]));
      const seen = new Set<string>();

      for (const [id, content] of base) index.addBase(id, content);
      const comparisons = run.map(([id, content]) => index.add(id, content));

      expect(comparisons).toEqual(run.map(([id, content]) => compare(baseMap, seen, id, content)));
      expect([...index.missing()].sort()).toEqual([...baseMap.keys()].filter((id) => !seen.has(id)).sort());
      for (const [id] of base) expect(index.has(id)).toBe(seen.has(id));
    }),
  );
});

function compare(base: Map<string, string>, seen: Set<string>, id: string, content: string): string {
  if (seen.has(id)) return "repeated";
  seen.add(id);
  if (!base.has(id)) return "added";
  return base.get(id) === content ? "same" : "changed";
}
