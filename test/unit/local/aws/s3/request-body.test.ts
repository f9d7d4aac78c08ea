import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signedFetch } from "#test/support/signed-fetch";
import { type Storage, startStorage } from "#test/support/storage";

const chunked = {
  "content-encoding": "aws-chunked",
  "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "x-amz-trailer": "x-amz-checksum-crc32",
};

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("takes a stream, which the SDK sends in chunks with its checksum behind it", async () => {
  const text = "zwölf Boxkämpfer ".repeat(20_000);
  const Body = Readable.from([Buffer.from(text)]);
  const ContentLength = Buffer.byteLength(text);

  await storage.client.send(new PutObjectCommand({ Bucket: storage.bucket, Key: "key", Body, ContentLength }));

  expect(storage.read("key").toString()).toBe(text);
});

test("sends a checksum that the SDK verifies", async () => {
  await storage.store.put("key", "123456789");

  const answer = await storage.client.send(
    new GetObjectCommand({ Bucket: storage.bucket, Key: "key", ChecksumMode: "ENABLED" }),
  );

  expect(answer).toMatchObject({ ChecksumCRC32: "y/Q5Jg==", ChecksumType: "FULL_OBJECT" });
});

test.each([
  { checksum: "x-amz-checksum-crc32", value: "y/Q5Jg==" },
  { checksum: "x-amz-checksum-sha1", value: createHash("sha1").update("123456789").digest("base64") },
  { checksum: "x-amz-checksum-sha256", value: createHash("sha256").update("123456789").digest("base64") },
  { checksum: "content-md5", value: createHash("md5").update("123456789").digest("base64") },
])("takes a body with its $checksum and refuses one that it does not fit", async ({ checksum, value }) => {
  const right = await put("123456789", { [checksum]: value });
  const wrong = await put("123456780", { [checksum]: value });

  expect(right.status).toBe(200);
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining("<Code>BadDigest</Code>")]);
  expect(storage.read("key").toString()).toBe("123456789");
});

test("answers 501 to a checksum that it cannot compute", async () => {
  expect((await put("1", { "x-amz-checksum-crc32c": "AAAAAA==" })).status).toBe(501);
});

test("refuses a body whose signed SHA-256 is another's", async () => {
  const answer = await put("1", { "x-amz-content-sha256": createHash("sha256").update("2").digest("hex") });

  expect(await answer.text()).toContain("<Code>XAmzContentSHA256Mismatch</Code>");
});

test.each([
  {
    trouble: "whose checksum does not fit",
    body: "3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
    code: "BadDigest",
  },
  { trouble: "that is cut short", body: "3\r\nab", code: "IncompleteBody" },
  { trouble: "that is shorter than announced", body: "2\r\nab\r\n0\r\n\r\n", code: "IncompleteBody" },
  { trouble: "without the announced trailer", body: "3\r\nabc\r\n0\r\n\r\n", code: "MalformedTrailerError" },
])("refuses a chunked body $trouble", async ({ body, code }) => {
  const answer = await put(body, { ...chunked, "x-amz-decoded-content-length": "3" });

  expect(await answer.text()).toContain(`<Code>${code}</Code>`);
  expect(storage.listKeys()).toEqual([]);
});

function put(body: string, headers: Record<string, string>) {
  return signedFetch(`${storage.s3.url}/${storage.bucket}/key`, { method: "PUT", body, headers });
}
