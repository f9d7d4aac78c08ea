import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Storage, startStorage } from "#test/support/storage";

const refused = { name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } };

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("creates once with If-None-Match", async () => {
  await put("1", { IfNoneMatch: "*" });

  await expect(put("2", { IfNoneMatch: "*" })).rejects.toMatchObject(refused);

  expect(await read()).toBe("1");
});

test("replaces once with If-Match", async () => {
  const { ETag } = await put("1");

  await put("2", { IfMatch: ETag });
  await expect(put("3", { IfMatch: ETag })).rejects.toMatchObject(refused);

  expect(await read()).toBe("2");
});

test("answers If-Match on a key that is gone with 404", async () => {
  const { ETag } = await put("1");
  await storage.client.send(new DeleteObjectCommand({ Bucket: storage.bucket, Key: "key" }));

  await expect(put("2", { IfMatch: ETag })).rejects.toMatchObject({ name: "NoSuchKey" });
});

test.each(["create", "replace"])("lets one of ten racing writers %s", async (work) => {
  const condition = work === "create" ? { IfNoneMatch: "*" } : { IfMatch: (await put("0")).ETag };

  const writes = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => put(`writer ${n}`, condition)));

  const winners = writes.flatMap((write, n) => (write.status === "fulfilled" ? [`writer ${n}`] : []));
  expect(winners).toEqual([await read()]);
});

test("deletes on If-Match only what has that ETag", async () => {
  await put("1");
  const command = new DeleteObjectCommand({ Bucket: storage.bucket, Key: "key", IfMatch: '"other"' });

  await expect(storage.client.send(command)).rejects.toMatchObject(refused);

  expect(await read()).toBe("1");
});

test("answers 304 to a reader who has the object", async () => {
  const { ETag } = await put("1");
  const command = new GetObjectCommand({ Bucket: storage.bucket, Key: "key", IfNoneMatch: ETag });

  await expect(storage.client.send(command)).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
});

test("answers 501 to If-None-Match with an ETag on a write, as S3 does", async () => {
  await expect(put("1", { IfNoneMatch: '"abc"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
});

function put(Body: string, condition: { IfMatch?: string | undefined; IfNoneMatch?: string } = {}) {
  return storage.client.send(new PutObjectCommand({ Bucket: storage.bucket, Key: "key", Body, ...condition }));
}

async function read() {
  const answer = await storage.client.send(new GetObjectCommand({ Bucket: storage.bucket, Key: "key" }));
  return answer.Body?.transformToString();
}
