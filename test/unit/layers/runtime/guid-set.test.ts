import fc from "fast-check";
import { expect, test } from "vitest";
import { GuidSet } from "#runtime/guid-set";
import { expectFewBytes } from "#test/unit/layers/runtime/guid-set-bytes";

const zeros = "00000000-0000-0000-0000-000000000000";
const ids = fc.oneof(fc.uuid(), fc.constantFrom(zeros, "00000000-0000-0000-0000-000000000001"));

test("tells ids that are new from those that are not as a set does, whatever their letter case", () => {
  fc.assert(
    fc.property(fc.array(ids), fc.array(ids), (put, asked) => {
      const guids = new GuidSet();
      const set = new Set<string>();

      for (const id of put) expect(guids.add(id.toUpperCase())).toBe(set.size < set.add(id).size);

      expect(guids.size).toBe(set.size);
      for (const id of [...put, ...asked]) expect(guids.has(id)).toBe(set.has(id));
    }),
  );
});

test("takes 21 bytes for each of the 20,000 ids it was made for, and finds them", () => expectFewBytes(20_000));

test.each(["", "x", "6f9619ff-8b86-d011-b42d-00c04fc964f"])("refuses %j, which is no GUID", (id) => {
  expect(() => new GuidSet().add(id)).toThrow(TypeError);
  expect(() => new GuidSet().has(id)).toThrow(TypeError);
});
