import { randomUUID } from "node:crypto";
import process from "node:process";
import { expect } from "vitest";
import { GuidSet } from "#runtime/guid-set";

/** Expects a set to take 21 bytes for each of so many ids it was made for, and to find them. */
export function expectFewBytes(ids: number): void {
  const made = Array.from({ length: ids }, () => randomUUID());
  const before = process.memoryUsage().arrayBuffers;
  const guids = new GuidSet(made.length);

  for (const id of made) guids.add(id);

  expect((process.memoryUsage().arrayBuffers - before) / made.length).toBeLessThan(21);
  expect(made.every((id) => guids.has(id) && !guids.add(id))).toBe(true);
}
