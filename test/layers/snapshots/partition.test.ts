import fc from "fast-check";
import { expect, test } from "vitest";
import { opathFaults } from "#local/exchange/filter/filter-faults";
import { parseOpath } from "#local/exchange/filter/parse-opath";
import {
  alphabetAfter,
  nameOfPartition,
  type Partition,
  partitionFilter,
  splitPartition,
  wholeDirectory,
} from "#snapshots/partition";
import { isWholeDirectory, planPartitions } from "#snapshots/plan-partitions";
import { evaluateFilter } from "#test/layers/snapshots/named-directory";

const names = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aAbZ09 -._éß王'"), maxLength: 6 }),
  fc.uuid(),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 10 }),
);

/** Partitions that came of splitting the whole directory wherever the numbers say. */
const partitions = fc.array(fc.nat(), { maxLength: 25 }).map(splitAt);

test("tells every name to exactly one of the partitions, however often they were split", () => {
  fc.assert(
    fc.property(partitions, fc.array(names), (parts, asked) => {
      const filters = parts.map((part) => evaluateFilter(partitionFilter(part)));

      for (const name of asked) expect(filters.filter((passes) => passes(name))).toHaveLength(1);
    }),
  );
});

test("stays whole whatever the server takes for the beginning of a name", () => {
  fc.assert(
    fc.property(partitions, fc.array(fc.tuple(names, fc.func(fc.boolean()))), (parts, asked) => {
      for (const [name, collate] of asked) {
        const beginsWith = (_: string, beginning: string) => collate(name, beginning);
        const found = parts.filter((part) => evaluateFilter(partitionFilter(part), beginsWith)(name));
        expect(found.length).toBeGreaterThan(0);
      }
    }),
  );
});

test("asks for the whole directory without a filter, and for others by name", () => {
  expect(partitionFilter(wholeDirectory)).toBeUndefined();
  expect(partitionFilter({ prefix: "", next: "ab", isRest: false })).toBe("Name -like 'a*' -or Name -like 'b*'");
  expect(partitionFilter({ prefix: "an", next: alphabetAfter("an"), isRest: true })).toBe("Name -like 'an*'");
  expect(partitionFilter({ prefix: "", next: "123456789abcdefghijklmnopqrstuvwxyz", isRest: true })).toBe(
    "-not (Name -like '0*')",
  );
  expect(partitionFilter({ prefix: "a", next: alphabetAfter("a").slice(2), isRest: true })).toBe(
    "Name -like 'a*' -and -not (Name -like 'a0*' -or Name -like 'a1*')",
  );
});

test("cannot split what begins with none of its characters, nor a prefix as long as a name", () => {
  expect(splitPartition({ prefix: "ab", next: "", isRest: true })).toEqual([]);
  expect(splitPartition({ prefix: "a".repeat(64), next: "b", isRest: false })).toEqual([]);
});

test.each([
  [wholeDirectory, "all"],
  [{ prefix: "an", next: alphabetAfter("an"), isRest: true }, "an*"],
  [{ prefix: "a", next: "bcd", isRest: false }, "a[b-d]"],
  [{ prefix: "", next: "z", isRest: true }, "[z and others]"],
  [{ prefix: "", next: "", isRest: true }, "[others]"],
])("names %j for people as %s", (partition, name) => {
  expect(nameOfPartition(partition)).toBe(name);
});

test("plans the partitions of the last snapshot, small neighbours joined and each name still in exactly one", () => {
  fc.assert(
    fc.property(partitions, fc.func(fc.nat({ max: 1_500 })), fc.array(names), (parts, rowsOf, asked) => {
      const known = parts.map((part) => ({ ...part, rows: rowsOf(part) }));

      const planned = planPartitions(known);

      expect(isWholeDirectory(planned)).toBe(true);
      const filters = planned.map((part) => evaluateFilter(partitionFilter(part)));
      for (const name of asked) expect(filters.filter((passes) => passes(name))).toHaveLength(1);
      expect(sum(planned)).toBe(sum(known));
      expect(planned.length).toBeLessThanOrEqual(known.length);
    }),
  );
});

test("plans one reading of everything where the partitions have become small", () => {
  const known = splitAt([0, 1, 1, 2, 3, 0, 5]).map((part) => ({ ...part, rows: 3 }));

  expect(planPartitions(known)).toEqual([{ ...wholeDirectory, rows: known.length * 3 }]);
});

test("takes nothing for known that is not the whole directory once", () => {
  fc.assert(
    fc.property(
      partitions.filter((parts) => parts.length > 1),
      fc.nat(),
      fc.boolean(),
      (parts, at, isTwice) => {
        const place = at % parts.length;
        const known = isTwice ? [...parts, parts[place] ?? wholeDirectory] : parts.toSpliced(place, 1);

        expect(planPartitions(known.map((part) => ({ ...part, rows: 10 })))).toEqual([
          { ...wholeDirectory, rows: undefined },
        ]);
      },
    ),
  );
});

function splitAt(places: readonly number[]): Partition[] {
  let parts = [wholeDirectory];
  for (const number of places) {
    const place = number % parts.length;
    const split = parts[place] ? splitPartition(parts[place]) : [];
    if (split.length > 0) parts = parts.toSpliced(place, 1, ...split);
  }
  return parts;
}

function sum(parts: readonly { rows: number | undefined }[]): number {
  return parts.reduce((total, { rows }) => total + (rows ?? 0), 0);
}

test("uses no character that a filter would have to escape", () => {
  fc.assert(
    fc.property(partitions, (parts) => {
      for (const part of parts) {
        const filter = partitionFilter(part);
        if (filter === undefined) continue;
        expect(filter).toMatch(/^[\w '*()\-.]+$/);
        expect(() => parseOpath(filter, opathFaults(filter))).not.toThrow();
      }
    }),
  );
});
