import { randomUUID } from "node:crypto";
import process from "node:process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { IdSet } from "#snapshots/id-set";

test("tells new ids from those it has as a set of text does, whatever their letter case", () => {
  const sparse = fc
    .array(fc.constantFrom("0", "1", "8", "f", "A"), { minLength: 32, maxLength: 32 })
    .map((digits) => digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"));
  const few = fc.integer({ min: 0, max: 20 }).map((n) => `00000000-0000-0000-0000-${String(n).padStart(12, "0")}`);

  fc.assert(
    fc.property(fc.array(fc.oneof(few, sparse, fc.uuid())), (ids) => {
      const set = new IdSet();
      const expected = new Set<string>();

      const areNew = ids.map((id) => set.add(id));

      expect(areNew).toEqual(
        ids.map((id) => !expected.has(id.toLowerCase()) && expected.add(id.toLowerCase()) && true),
      );
      expect(set.size).toBe(expected.size);
    }),
  );
});

test.each([
  ["random", () => randomUUID()],
  ["counted up at their end", (n: number) => `6f9619ff-8b86-d011-b42d-${n.toString(16).padStart(12, "0")}`],
  ["counted up at their beginning", (n: number) => `${n.toString(16).padStart(8, "0")}-8b86-d011-b42d-00c04fc964ff`],
])("keeps 200,000 ids that are %s in at most 100 bytes each and at once", (_, makeId) => {
  const ids = Array.from({ length: 200_000 }, (_, n) => makeId(n));
  const before = process.memoryUsage().arrayBuffers;
  const startedAt = performance.now();
  const set = new IdSet();

  for (const id of ids) set.add(id);

  expect((process.memoryUsage().arrayBuffers - before) / ids.length).toBeLessThan(100);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(ids.some((id) => set.add(id))).toBe(false);
  expect(set.size).toBe(200_000);
});

test.each(["", "x", "6f9619ff-8b86-d011-b42d-00c04fc964f", "6f9619ff8b86d011b42d00c04fc964ff"])(
  "refuses %j, which is no GUID",
  (id) => {
    expect(() => new IdSet().add(id)).toThrow(TypeError);
  },
);
