import { ListObjectsV2Command, type ListObjectsV2CommandInput } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signedFetch } from "#test/support/signed-fetch";
import { type Storage, startStorage } from "#test/support/storage";

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("lists keys with size and ETag in the order of their UTF-8 bytes", async () => {
  const { etag } = await storage.store.put("b", "123");
  for (const key of ["é", "a/x", "a-", "B", "\u{10000}", "\u{ffee}"]) await storage.store.put(key, "");

  const answer = await list();

  expect(keysOf(answer)).toEqual(["B", "a-", "a/x", "b", "é", "\u{ffee}", "\u{10000}"]);
  expect(answer.Contents?.[3]).toMatchObject({ Key: "b", Size: 3, ETag: etag });
});

test("lists nothing of an empty bucket", async () => {
  expect(await list()).toMatchObject({ KeyCount: 0, IsTruncated: false });
});

test("puts what goes on behind the delimiter under one common prefix", async () => {
  for (const key of ["a/1", "a/2", "a/b/3", "a/b/4", "a/c/5", "d"]) await storage.store.put(key, "");

  const answer = await list({ Prefix: "a/", Delimiter: "/" });

  expect(keysOf(answer)).toEqual(["a/1", "a/2"]);
  expect(answer.CommonPrefixes).toEqual([{ Prefix: "a/b/" }, { Prefix: "a/c/" }]);
  expect(answer.KeyCount).toBe(4);
});

test.each([
  { Delimiter: undefined, names: ["a/1", "a/2", "b", "c/3", "c/4", "d"] },
  { Delimiter: "/", names: ["a/", "b", "c/", "d"] },
])("goes on where a page ended, with delimiter $Delimiter", async ({ Delimiter, names }) => {
  for (const key of ["a/1", "a/2", "b", "c/3", "c/4", "d"]) await storage.store.put(key, "");
  const found: unknown[] = [];
  let ContinuationToken: string | undefined;

  do {
    const page = await list({ Delimiter, ContinuationToken, MaxKeys: 1 });
    found.push(...keysOf(page), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);

  expect(found).toEqual(names);
});

test("begins behind StartAfter", async () => {
  for (const key of ["a", "b", "c"]) await storage.store.put(key, "");

  expect(keysOf(await list({ StartAfter: "a" }))).toEqual(["b", "c"]);
});

test("encodes keys for a URL where asked to, and XML's own characters always", async () => {
  await storage.store.put("a<&> \u0001b/c", "");
  const url = `${storage.s3.url}/${storage.bucket}?list-type=2&encoding-type=url`;

  const text = await (await signedFetch(url)).text();

  expect(text).toContain("<Key>a%3C%26%3E%20%01b/c</Key>");
  expect(text).toContain("<EncodingType>url</EncodingType>");
});

test("answers 501 to a way of listing that it does not know", async () => {
  expect((await signedFetch(`${storage.s3.url}/${storage.bucket}?list-type=2&versions`)).status).toBe(501);
});

function list(options: Partial<ListObjectsV2CommandInput> = {}) {
  return storage.client.send(new ListObjectsV2Command({ Bucket: storage.bucket, ...options }));
}

function keysOf({ Contents }: Awaited<ReturnType<typeof list>>) {
  return (Contents ?? []).map(({ Key }) => Key);
}
