import { afterEach, beforeEach, expect, test } from "vitest";
import { type AwsFault, createFaults } from "#local/aws/faults";
import { signedFetch } from "#test/support/signed-fetch";
import { type Storage, startStorage } from "#test/support/storage";

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test.each<[Partial<AwsFault>, string]>([
  [{}, "xxxxxxxx"],
  [{ times: 2 }, "xx......"],
  [{ after: 3, times: 1 }, "...x...."],
  [{ every: 3 }, "x..x..x."],
  [{ after: 1, every: 2, times: 2 }, ".x.x...."],
])("fails of eight requests with %o those marked in %s", (options, marks) => {
  const faults = createFaults();
  const fault = faults.add({ kind: "slowDown", ...options });

  const met = Array.from({ length: 8 }, () => (faults.meet("PUT", "key") ? "x" : ".")).join("");

  expect(met).toBe(marks);
  expect(faults.failed(fault)).toBe(marks.replaceAll(".", "").length);
});

test("counts only the requests it is about", () => {
  const faults = createFaults();
  faults.add({ kind: "slowDown", method: "PUT", target: "latest", times: 1 });

  const met = [faults.meet("GET", "latest"), faults.meet("PUT", "page"), faults.meet("PUT", "users/latest.json")];

  expect(met.map((fault) => fault?.kind)).toEqual([undefined, undefined, "slowDown"]);
});

test.each([
  { kind: "slowDown", status: 503, code: "SlowDown" },
  { kind: "internalError", status: 500, code: "InternalError" },
  { kind: "conflict", status: 409, code: "ConditionalRequestConflict" },
  { kind: "accessDenied", status: 403, code: "AccessDenied" },
] as const)("answers $kind with S3's $status and leaves the work undone", async ({ kind, status, code }) => {
  storage.s3.faults.add({ kind });

  const answer = await put();

  expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(`<Code>${code}</Code>`)]);
  expect(storage.listKeys()).toEqual([]);
});

test.each([
  { kind: "dropBefore", keys: [] },
  { kind: "dropAfter", keys: ["key"] },
] as const)("leaves $keys behind when it drops the connection by $kind", async ({ kind, keys }) => {
  storage.s3.faults.add({ kind });

  await expect(put()).rejects.toThrow("fetch failed");

  expect(storage.listKeys()).toEqual(keys);
});

test("delays the work, and works again once the fault is removed", async () => {
  const fault = storage.s3.faults.add({ kind: "delay", delayMs: 60_000 });
  await expect(put(AbortSignal.timeout(50))).rejects.toThrow("timeout");

  storage.s3.faults.remove(fault);

  expect((await put()).status).toBe(200);
});

function put(signal: AbortSignal | null = null) {
  return signedFetch(`${storage.s3.url}/${storage.bucket}/key`, { method: "PUT", body: "1", signal });
}
