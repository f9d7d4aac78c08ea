import fc from "fast-check";
import { expect, test } from "vitest";
import { opathFaults } from "#local/exchange/filter/filter-faults";
import { parseOpath } from "#local/exchange/filter/parse-opath";
import {
  isWholeDirectory,
  nameOfPartition,
  type Partition,
  partitionFilter,
  planPartitions,
  splitPartition,
  wholeDirectory,
} from "#snapshots/partition";
import { evaluateFilter } from "#test/unit/layers/snapshots/named-directory";

const names = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aAbZ09 -._éß王'"), maxLength: 6 }),
  fc.uuid(),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 10 }),
);

/** Partitions that came of splitting the whole directory wherever the numbers say, having seen some names. */
const partitions = fc
  .tuple(fc.array(fc.nat(), { maxLength: 25 }), fc.array(names, { maxLength: 5 }))
  .map(([places, seen]) => splitAt(places, seen));

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
  expect(partitionFilter({ prefix: "", next: ["a", "b"] })).toBe("Name -like 'a*' -or Name -like 'b*'");
  expect(partitionFilter({ prefix: "an", except: [] })).toBe("Name -like 'an*'");
  expect(partitionFilter({ prefix: "", except: ["0"] })).toBe("-not (Name -like '0*')");
  expect(partitionFilter({ prefix: "a", except: ["0", "lex ", "王"] })).toBe(
    "Name -like 'a*' -and -not (Name -like 'a0*' -or Name -like 'alex *' -or Name -like 'a王*')",
  );
});

test("tells names of other scripts apart by what they were seen to begin with", () => {
  const told = [..."0123456789abcdefghijklmnopqrstuvwxyz"];
  const names = ["王小明", "Ångström", "ångstrom", "'quoted'", "😀"];

  const parts = splitPartition({ prefix: "", except: told }, names);

  expect(parts).toEqual([
    { prefix: "", next: ["å"] },
    { prefix: "", next: ["王"] },
    { prefix: "", except: [...told, "å", "王"] },
  ]);
});

test("goes straight to where names part that begin alike", () => {
  const names = ["Engineering All", "engineering News", "ENGINEERING leads"];

  const parts = splitPartition({ prefix: "e", except: ["ngineering x", "x"] }, names);

  expect(parts.at(-1)).toEqual({ prefix: "e", except: ["x", "ngineering "] });
  expect(parts.at(-2)).toMatchObject({ prefix: "engineering ", except: expect.arrayContaining(["a", "x", "z"]) });
  expect(parts.slice(0, -1).every(({ prefix }) => prefix.startsWith("engineering "))).toBe(true);
});

test("keeps out of a part what was excepted from it before", () => {
  const parts = splitPartition({ prefix: "e", except: ["ngineering "] }, ["east", "west"]);

  expect(parts).toContainEqual({ prefix: "en", except: ["gineering "] });
});

test("cannot split what goes on with nothing that tells names apart, nor a prefix as long as a name", () => {
  const rest = splitPartition({ prefix: "ab", except: [] }, []).at(-1) ?? wholeDirectory;

  expect(splitPartition(rest, ["ab", "ab'", "ab$x", "ab😀"])).toEqual([]);
  expect(splitPartition({ prefix: "a".repeat(63), next: ["b"] }, [])).toEqual([]);
});

test("excepts no more than an address can hold", () => {
  const names = Array.from({ length: 500 }, (_, number) => String.fromCharCode(0x4e00 + number));

  const rest = splitPartition(wholeDirectory, names).at(-1) ?? wholeDirectory;

  expect("except" in rest && rest.except).toHaveLength(128);
  expect(splitPartition(rest, names)).toEqual([]);
});

test.each([
  [wholeDirectory, "all"],
  [{ prefix: "an", except: [] }, "an*"],
  [{ prefix: "a", next: ["b", "c", "d"] }, "a[b-d]*"],
  [{ prefix: "", except: ["0", "z"] }, "*, not [0-z]*"],
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
  const known = splitAt([0, 1, 1, 2, 3, 0, 5], ["王"]).map((part) => ({ ...part, rows: 3 }));

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

function splitAt(places: readonly number[], seen: readonly string[]): Partition[] {
  let parts: Partition[] = [wholeDirectory];
  for (const number of places) {
    const place = number % parts.length;
    const split = splitPartition(parts[place] ?? wholeDirectory, seen);
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
        expect(filter).toMatch(/^[\p{L}\p{N}_ '*()\-.]+$/u);
        expect(() => parseOpath(filter, opathFaults(filter))).not.toThrow();
      }
    }),
  );
});
