import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ExchangeError } from "#runtime/errors";
import { createObjectStore } from "#storage/object-store";
import { credentials } from "#test/support/credentials";
import { holdRequest } from "#test/support/hold-request";
import { createTestClient, type Storage, startStorage } from "#test/support/storage";

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await storage.stop();
});

test("reads what was written, and nothing where nothing lies", async () => {
  const { etag } = await storage.store.put("a/b", "grüß dich");
  const writtenAt = new Date("2026-01-31T12:00:00Z");
  storage.writtenAt("a/b", writtenAt);

  expect(await storage.store.get("a/b")).toEqual({ body: Buffer.from("grüß dich"), etag, writtenAt });
  expect(await storage.store.get("a/c")).toBeUndefined();
});

test("writes and reads what is empty", async () => {
  await storage.store.put("key", "");

  expect((await storage.store.get("key"))?.body).toHaveLength(0);
});

test("creates only what is not there", async () => {
  const first = await storage.store.putIf("key", "1", { ifNoneMatch: "*" });
  const second = await storage.store.putIf("key", "2", { ifNoneMatch: "*" });

  expect([first.isWritten, second]).toEqual([true, { isWritten: false }]);
  expect(storage.read("key").toString()).toBe("1");
});

test("replaces only what is as it was seen, and nothing that is gone", async () => {
  const { store } = storage;
  const { etag } = await store.put("key", "1");

  const replaced = await store.putIf("key", "2", { ifMatch: etag });
  const changed = await store.putIf("key", "3", { ifMatch: etag });
  const gone = await store.putIf("other", "3", { ifMatch: etag });

  expect(replaced).toEqual({ isWritten: true, etag: (await store.get("key"))?.etag });
  expect([changed, gone]).toEqual([{ isWritten: false }, { isWritten: false }]);
});

test("lets one of ten racing writers win", async () => {
  const writes = Array.from({ length: 10 }, (_, n) => storage.store.putIf("race", `${n}`, { ifNoneMatch: "*" }));

  const answers = await Promise.all(writes);

  expect(answers.filter(({ isWritten }) => isWritten)).toHaveLength(1);
});

test("answers that it did not write where the answer to its own write was lost", async () => {
  storage.s3.faults.add({ kind: "dropAfter", method: "PUT", times: 1 });

  const answer = await storage.store.putIf("key", "mine", { ifNoneMatch: "*" });

  expect(answer).toEqual({ isWritten: false });
  expect((await storage.store.get("key"))?.body.toString()).toBe("mine");
});

test.each(["slowDown", "internalError", "dropBefore", "dropAfter"] as const)("waits out one %s", async (kind) => {
  storage.s3.faults.add({ kind, method: "PUT", times: 1 });
  storage.s3.faults.add({ kind, method: "GET", times: 1 });

  await storage.store.put("key", "1");

  expect((await storage.store.get("key"))?.body.toString()).toBe("1");
});

test("tries a conflict again until the condition is decided", async () => {
  const conflict = storage.s3.faults.add({ kind: "conflict", times: 3 });

  const answer = await storage.store.putIf("key", "1", { ifNoneMatch: "*" });

  expect(answer.isWritten).toBe(true);
  expect(storage.s3.faults.failed(conflict)).toBe(3);
});

test.each(["slowDown", "dropBefore", "conflict"] as const)(
  "says that S3 is out of reach after lasting %s",
  async (kind) => {
    storage.s3.faults.add({ kind });

    const written = storage.store.putIf("key", "1", { ifNoneMatch: "*" });

    await expect(written).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE", retryable: true });
    await expect(written).rejects.toThrow("s3://test-bucket/key could not be written (");
  },
);

test.each([
  { call: "get", says: ["s3:GetObject", "s3:ListBucket"] },
  { call: "put", says: ["s3:PutObject"] },
] as const)("names bucket, key and right where S3 denies a $call", async ({ call, says }) => {
  storage.s3.faults.add({ kind: "accessDenied" });

  const denied = call === "get" ? storage.store.get("a/key") : storage.store.put("a/key", "1");

  await expect(denied).rejects.toMatchObject({ code: "STORAGE_DENIED", retryable: false });
  for (const text of ["s3://test-bucket/a/key", ...says]) await expect(denied).rejects.toThrow(text);
});

test("names the setting where the bucket is not there", async () => {
  const store = createObjectStore({ bucket: "no-such-bucket", s3: storage.client });

  await expect(store.get("key")).rejects.toMatchObject({ code: "CONFIGURATION_INVALID" });
  await expect(store.put("key", "1")).rejects.toThrow("GATEWAY_BUCKET");
});

test("says that S3 is out of reach where nothing listens", async () => {
  await storage.s3.stop();

  await expect(storage.store.get("key")).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
});

test("reads again where an answer breaks off in the middle", async () => {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.writeHead(200, { etag: '"1"', "content-length": 10 });
    if (requests === 1) response.write("half", () => response.destroy());
    else response.end("0123456789");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const found = await createObjectStore({ bucket: "bucket", s3: createTestClient(url) }).get("key");
  server.closeAllConnections();
  server.close();

  expect([found?.body.toString(), requests]).toEqual(["0123456789", 2]);
});

test("ends a call with its signal's own error", async () => {
  const request = holdRequest(storage, { method: "PUT" });
  const controller = new AbortController();
  const reason = new ExchangeError("RUN_TAKEN_OVER", "taken");

  const written = storage.store.put("key", "1", { signal: controller.signal });
  await request.held();
  controller.abort(reason);

  await expect(written).rejects.toBe(reason);
});

test("says that S3 did not answer in time where its signal was a time-out", async () => {
  storage.s3.faults.add({ kind: "delay", delayMs: 60_000 });

  const found = storage.store.get("key", { signal: AbortSignal.timeout(50) });

  await expect(found).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
});

test("finds its endpoint, region and credentials in the environment", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL_S3", storage.s3.url);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);

  await createObjectStore({ bucket: storage.bucket }).put("key", "1");

  expect(storage.read("key").toString()).toBe("1");
});
