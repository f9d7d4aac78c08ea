import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createIdSet } from "#snapshots/id-set";

test("tells a new id from one it has, in whatever letter case", () => {
  const ids = createIdSet();
  const guids = Array.from({ length: 2_000 }, () => randomUUID());

  expect(guids.every((guid) => ids.add(guid))).toBe(true);
  expect(guids.some((guid) => ids.add(guid.toUpperCase()))).toBe(false);
});
