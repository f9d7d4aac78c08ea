import { randomUUID } from "node:crypto";
import process from "node:process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RecordIndex } from "#snapshots/record-index";
import { expectFewBytes, idMakers } from "#test/unit/layers/snapshots/record-index-bytes";

const few = fc.integer({ min: 0, max: 20 }).map((n) => `00000000-0000-0000-0000-${String(n).padStart(12, "0")}`);
const sparse = fc
  .array(fc.constantFrom("0", "1", "8", "f", "A"), { minLength: 32, maxLength: 32 })
  .map((digits) => digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"));
const ids = fc.oneof(few, sparse, fc.uuid());
const records = fc.array(fc.tuple(ids, fc.constantFrom("a", "b", "c")));

test("compares a run with its base as a map does, whatever the letter case of ids", () => {
  fc.assert(
    fc.property(records, records, (base, run) => {
      const index = new RecordIndex();
      const baseMap = new Map(base.map(([id, content]) => [id.toLowerCase(), content]));
      const seen = new Set<string>();

      for (const [id, content] of base) index.addBase(id, content);
      const comparisons = run.map(([id, content]) => index.add(id.toUpperCase(), content));

      expect(comparisons).toEqual(run.map(([id, content]) => compare(baseMap, seen, id.toLowerCase(), content)));
      expect([...index.missing()].sort()).toEqual([...baseMap.keys()].filter((id) => !seen.has(id)).sort());
      for (const [id] of base) expect(index.has(id)).toBe(seen.has(id.toLowerCase()));
    }),
  );
});

test.each(idMakers)("keeps 20,000 records whose ids are %s in at most 100 bytes each", (_, makeId) =>
  expectFewBytes(20_000, makeId),
);

test("does not grow beyond the room it was made with", () => {
  const made = Array.from({ length: 20_000 }, () => randomUUID());
  const before = process.memoryUsage().arrayBuffers;
  const index = new RecordIndex(made.length);
  const atFirst = process.memoryUsage().arrayBuffers - before;

  for (const id of made) index.add(id, "");

  expect(atFirst).toBeLessThan(made.length * 32);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(atFirst * 1.1);
});

test.each(["", "x", "6f9619ff-8b86-d011-b42d-00c04fc964f", "6f9619ff8b86d011b42d00c04fc964ff"])(
  "refuses %j, which is no GUID",
  (id) => {
    expect(() => new RecordIndex().add(id, "")).toThrow(TypeError);
  },
);

function compare(base: Map<string, string>, seen: Set<string>, id: string, content: string): string {
  if (seen.has(id)) return "repeated";
  seen.add(id);
  if (!base.has(id)) return "added";
  return base.get(id) === content ? "same" : "changed";
}
