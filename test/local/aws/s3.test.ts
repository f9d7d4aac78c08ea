import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalS3, startS3 } from "#local/aws/s3/server";

const Bucket = "test-bucket";

let folder: string;
let server: LocalS3;
let s3: S3Client;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "s3-test-"));
  await start();
});

afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("gives back an object's bytes, its MD5 as ETag, and keeps both over a restart", async () => {
  await put("a/b.txt", "grüß dich");
  await server.stop();
  await start();

  const answer = await s3.send(new GetObjectCommand({ Bucket, Key: "a/b.txt" }));

  expect(await answer.Body?.transformToString()).toBe("grüß dich");
  expect(answer.ETag).toBe(`"${createHash("md5").update("grüß dich").digest("hex")}"`);
  expect(answer.LastModified?.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test("answers that a missing object is missing", async () => {
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: "x" }))).rejects.toMatchObject({ name: "NoSuchKey" });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: "x" }))).rejects.toMatchObject({ name: "NotFound" });
});

test("creates once with If-None-Match and replaces once with If-Match", async () => {
  const { ETag } = await put("key", "1", { IfNoneMatch: "*" });

  await expect(put("key", "2", { IfNoneMatch: "*" })).rejects.toMatchObject({ name: "PreconditionFailed" });
  await put("key", "3", { IfMatch: ETag });
  await expect(put("key", "4", { IfMatch: ETag })).rejects.toMatchObject({ name: "PreconditionFailed" });
});

test("refuses a body that is not what its checksum says", async () => {
  const wrong = Buffer.alloc(4).toString("base64");

  await expect(put("key", "1", { ChecksumCRC32: wrong })).rejects.toMatchObject({ name: "BadDigest" });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: "key" }))).rejects.toMatchObject({ name: "NotFound" });
});

test("lists by prefix, delimiter and page", async () => {
  for (const key of ["a/1", "a/2", "a/b/3", "c"]) await put(key, key);

  const grouped = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "a/", Delimiter: "/" }));
  const first = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 3 }));
  const second = await s3.send(
    new ListObjectsV2Command({ Bucket, MaxKeys: 3, ContinuationToken: first.NextContinuationToken }),
  );

  expect(grouped.Contents?.map(({ Key }) => Key)).toEqual(["a/1", "a/2"]);
  expect(grouped.CommonPrefixes).toEqual([{ Prefix: "a/b/" }]);
  expect([...(first.Contents ?? []), ...(second.Contents ?? [])].map(({ Key }) => Key)).toEqual([
    "a/1",
    "a/2",
    "a/b/3",
    "c",
  ]);
});

test("forgets a deleted object", async () => {
  await put("key", "1");

  await s3.send(new DeleteObjectCommand({ Bucket, Key: "key" }));

  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: "key" }))).rejects.toMatchObject({ name: "NotFound" });
});

test.each(["?acl", "?uploads"])("answers 501 to what it does not implement: %s", async (query) => {
  const response = await fetch(`${server.url}/${Bucket}/key${query}`, {
    method: query === "?uploads" ? "POST" : "GET",
  });

  expect(response.status).toBe(501);
  expect(await response.text()).toContain("<Code>NotImplemented</Code>");
});

test("keeps any key inside its bucket's folder and knows it again", async () => {
  const segment = fc.oneof(
    fc.constantFrom("..", ".", "%", "%2E", "a b", "ä", "x"),
    fc.string({ minLength: 1, maxLength: 8 }),
  );
  const key = fc.array(
    segment.filter((text) => !text.includes("/") && text.isWellFormed()),
    { minLength: 1, maxLength: 3 },
  );

  await fc.assert(
    fc.asyncProperty(key, async (segments) => {
      const body = segments.join("/");
      const url = `${server.url}/${Bucket}/own/${segments.map((one) => encodeURIComponent(one).replaceAll(".", "%2E")).join("/")}/end`;
      const written = await fetch(url, { method: "PUT", body });
      const read = await (await fetch(url)).text();
      expect([written.status, read]).toEqual([200, body]);
    }),
    { numRuns: 100 },
  );

  expect(readdirSync(folder)).toEqual([Bucket]);
  expect(existsSync(join(folder, "..", "end"))).toBe(false);
});

async function start(): Promise<void> {
  server = await startS3({ folder, buckets: [Bucket] });
  s3 = new S3Client({
    endpoint: server.url,
    forcePathStyle: true,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
}

function put(Key: string, Body: string, options: object = {}) {
  return s3.send(new PutObjectCommand({ Bucket, Key, Body, ...options }));
}
