import { afterEach, beforeEach, expect, test } from "vitest";
import { createObjectStore } from "#runtime/object-store";
import { startStorage } from "#test/support/storage";

let storage: Awaited<ReturnType<typeof startStorage>>;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("reads what was written, and nothing where nothing lies", async () => {
  await storage.store.put("a/b", "grüß dich");

  expect((await storage.store.get("a/b"))?.body.toString()).toBe("grüß dich");
  expect(await storage.store.get("a/c")).toBeUndefined();
});

test("writes over what the writer has seen and over nothing else", async () => {
  const { store } = storage;
  const first = await store.putOver(null, "key", "1");

  const refusedAsTaken = await store.putOver(null, "key", "2");
  const second = await store.putOver(first ?? "", "key", "3");
  const refusedAsChanged = await store.putOver(first ?? "", "key", "4");

  expect([refusedAsTaken, refusedAsChanged]).toEqual([undefined, undefined]);
  expect(await store.get("key")).toEqual({ body: Buffer.from("3"), etag: second });
});

test("lets one of ten racing writers win", async () => {
  const writes = Array.from({ length: 10 }, (_, n) => storage.store.putOver(null, "race", `writer ${n}`));

  const etags = await Promise.all(writes);

  expect(etags.filter((etag) => etag !== undefined)).toHaveLength(1);
});

test("knows its own write again when the answer to it was lost", async () => {
  storage.s3.faults.add({ kind: "dropAfter", method: "PUT", times: 1 });

  const etag = await storage.store.putOver(null, "key", "mine");

  expect(etag).toBe((await storage.store.get("key"))?.etag);
});

test("answers that S3 is out of reach after several attempts", async () => {
  storage.s3.faults.add({ kind: "slowDown" });

  await expect(storage.store.put("key", "1")).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE", retryable: true });
});

test("names a bucket that is not there", async () => {
  const store = createObjectStore({ bucket: "no-such-bucket" });

  await expect(store.put("key", "1")).rejects.toMatchObject({
    code: "STORAGE_DENIED",
    message: expect.stringContaining("GATEWAY_BUCKET"),
  });
});
