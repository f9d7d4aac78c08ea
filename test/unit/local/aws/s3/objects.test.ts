import { createHash } from "node:crypto";
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signedFetch } from "#test/support/signed-fetch";
import { type Storage, startStorage } from "#test/support/storage";

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("gives back an object's bytes with their MD5 as ETag", async () => {
  await put("a/b.txt", "grüß dich");

  const answer = await get("a/b.txt");

  expect(await answer.Body?.transformToString()).toBe("grüß dich");
  expect(answer).toMatchObject({ ETag: `"${createHash("md5").update("grüß dich").digest("hex")}"`, ContentLength: 11 });
  expect(Math.abs((answer.LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
});

test("answers a HEAD with the same headers and no body", async () => {
  const { ETag } = await put("key", "1234");

  const answer = await storage.client.send(new HeadObjectCommand({ Bucket: storage.bucket, Key: "key" }));

  expect(answer).toMatchObject({ ETag, ContentLength: 4 });
});

test.each([
  ["bytes=2-4", "cde", "bytes 2-4/8"],
  ["bytes=6-", "gh", "bytes 6-7/8"],
  ["bytes=-3", "fgh", "bytes 5-7/8"],
  ["bytes=4-99", "efgh", "bytes 4-7/8"],
])("answers the range %s with %s", async (Range, text, ContentRange) => {
  await put("key", "abcdefgh");

  const answer = await get("key", { Range });

  expect(await answer.Body?.transformToString()).toBe(text);
  expect(answer.ContentRange).toBe(ContentRange);
});

test("refuses a range behind the object's end", async () => {
  await put("key", "abc");

  await expect(get("key", { Range: "bytes=3-" })).rejects.toMatchObject({ name: "InvalidRange" });
});

test("answers that a missing object is missing, as S3 does to GET and to HEAD", async () => {
  const Bucket = storage.bucket;

  await expect(get("x")).rejects.toMatchObject({ name: "NoSuchKey", $metadata: { httpStatusCode: 404 } });
  await expect(storage.client.send(new HeadObjectCommand({ Bucket, Key: "x" }))).rejects.toMatchObject({
    name: "NotFound",
  });
});

test("answers that a missing bucket is missing", async () => {
  const command = new PutObjectCommand({ Bucket: "no-such-bucket", Key: "x", Body: "1" });

  await expect(storage.client.send(command)).rejects.toMatchObject({ name: "NoSuchBucket" });
});

test("forgets a deleted object, and deletes one that is not there without a word", async () => {
  await put("a/key", "1");

  await storage.client.send(new DeleteObjectCommand({ Bucket: storage.bucket, Key: "a/key" }));
  await storage.client.send(new DeleteObjectCommand({ Bucket: storage.bucket, Key: "a/key" }));

  await expect(get("a/key")).rejects.toMatchObject({ name: "NoSuchKey" });
});

test.each([
  ["GET", "key?acl"],
  ["GET", "key?versionId=1"],
  ["POST", "key?uploads"],
  ["POST", "?delete"],
  ["GET", ""],
  ["GET", "?location"],
  ["DELETE", ""],
])("answers 501 to %s /bucket/%s, which it does not implement", async (method, path) => {
  const response = await signedFetch(`${storage.s3.url}/${storage.bucket}/${path}`, { method });

  expect(response.status).toBe(501);
  expect(await response.text()).toMatch(/^<\?xml .*\n<Error><Code>NotImplemented<\/Code>/);
});

test.each(["x-amz-copy-source", "x-amz-meta-a", "x-amz-tagging", "x-amz-server-side-encryption"])(
  "answers 501 to the header %s rather than pass over it",
  async (header) => {
    const url = `${storage.s3.url}/${storage.bucket}/key`;

    const response = await signedFetch(url, { method: "PUT", body: "1", headers: { [header]: "1" } });

    expect(response.status).toBe(501);
    expect(storage.listKeys()).toEqual([]);
  },
);

function put(Key: string, Body: string) {
  return storage.client.send(new PutObjectCommand({ Bucket: storage.bucket, Key, Body }));
}

function get(Key: string, options: { Range?: string } = {}) {
  return storage.client.send(new GetObjectCommand({ Bucket: storage.bucket, Key, ...options }));
}
