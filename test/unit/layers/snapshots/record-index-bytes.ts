import { randomUUID } from "node:crypto";
import process from "node:process";
import { expect } from "vitest";
import { RecordIndex } from "#snapshots/record-index";

/** Ids as directories have them. */
export const idMakers: [kind: string, makeId: (number: number) => string][] = [
  ["random", () => randomUUID()],
  ["counted up at their end", (n) => `6f9619ff-8b86-d011-b42d-${n.toString(16).padStart(12, "0")}`],
  ["counted up at their beginning", (n) => `${n.toString(16).padStart(8, "0")}-8b86-d011-b42d-00c04fc964ff`],
];

/** Expects so many records to be kept in at most 100 bytes each, and to be found. */
export function expectFewBytes(records: number, makeId: (number: number) => string): void {
  const made = Array.from({ length: records }, (_, n) => makeId(n));
  const before = process.memoryUsage().arrayBuffers;
  const index = new RecordIndex();

  for (const id of made) index.add(id, "");

  expect((process.memoryUsage().arrayBuffers - before) / made.length).toBeLessThan(100);
  expect(made.every((id) => index.has(id))).toBe(true);
}
