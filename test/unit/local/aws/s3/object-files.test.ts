import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openObjectFiles } from "#local/aws/s3/object-files";
import { startS3 } from "#local/aws/s3/server";
import { credentials } from "#test/support/credentials";
import { signHeaders } from "#test/support/signed-fetch";

let outside: string;
let folder: string;

beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "object-files-test-"));
  folder = join(outside, "bucket");
  mkdirSync(folder);
});

afterEach(() => rmSync(outside, { recursive: true, force: true }));

test("keeps an object as a file that people find by its key", () => {
  openObjectFiles(folder).write("snapshots/users/latest.json", Buffer.from("{}"));

  expect(readFileSync(join(folder, "snapshots/users/latest.json"), "utf8")).toBe("{}");
});

test("keeps the ETag over a restart", () => {
  const { etag } = openObjectFiles(folder).write("key", Buffer.from("1"));

  expect(openObjectFiles(folder).read("key")?.etag).toBe(etag);
});

test.each([
  ["a", "a/b", "a/b/c"],
  ["a/b/c", "a/b", "a"],
  ["a", "a/", "a//", "a//b"],
  ["a//b", "a//", "a/", "a"],
  ["a%", "a", "a/b", "a%/b", "%", "a%25"],
])("tells %s and keys like it apart", (...keys) => {
  const files = openObjectFiles(folder);

  for (const key of keys) files.write(key, Buffer.from(key));

  expect(keys.map((key) => files.read(key)?.body.toString())).toEqual(keys);
  expect(files.keys()).toEqual(keys.toSorted());
  for (const key of keys) files.remove(key);
  expect(readdirSync(folder)).toEqual([]);
});

test("keeps any set of keys apart and inside the folder, however they are written and removed", () => {
  const part = fc.oneof(
    fc.constantFrom("", ".", "..", "%", "%25", "%2E", "a", "A", "a%", "*", ".writing-1", "CON"),
    fc.string({ unit: "binary", maxLength: 6 }).filter((text) => !text.includes("/") && text.isWellFormed()),
  );
  const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  const step = fc.record({ key: key.filter((text) => text !== ""), isRemoval: fc.boolean() });

  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const files = openObjectFiles(folder);
      const expected = new Map<string, string>();
      for (const [index, { key, isRemoval }] of steps.entries()) {
        if (isRemoval) files.remove(key);
        else files.write(key, Buffer.from(`${index}`));
        if (isRemoval) expected.delete(key);
        else expected.set(key, `${index}`);
      }

      const found = files.keys().map((key) => [key, files.read(key)?.body.toString()]);

      expect(new Map(found as [string, string][])).toEqual(expected);
      for (const key of expected.keys()) files.remove(key);
      expect(readdirSync(folder)).toEqual([]);
    }),
    { numRuns: 300 },
  );

  expect(readdirSync(outside)).toEqual(["bucket"]);
});

test.each([
  "/bucket/../escaped",
  "/bucket/%2e%2e/escaped",
  "/bucket/a/../../escaped",
  "/../escaped",
  "/%2e%2e/escaped",
])("writes nothing outside for a request for %s", async (path) => {
  const s3 = await startS3({ folder: outside, buckets: ["bucket"], credentials });

  await send(s3.url, path);
  await s3.stop();

  expect(readdirSync(outside)).toEqual(["bucket"]);
  expect(readdirSync(join(outside, ".."))).not.toContain("escaped");
});

test("removes what a write left that was cut off, and shows it to nobody", async () => {
  writeFileSync(join(folder, ".writing-1"), "half an obj");
  expect(openObjectFiles(folder).keys()).toEqual([]);

  const s3 = await startS3({ folder: outside, credentials });
  await s3.stop();

  expect(readdirSync(folder)).toEqual([]);
});

test("answers 501 to a key that no file can be named after", () => {
  expect(() => openObjectFiles(folder).write("x".repeat(300), Buffer.from("1"))).toThrow("so long a part");
});

/** Not by fetch, which resolves the dots before it sends. */
function send(url: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(url);
    const method = "PUT";
    const headers = signHeaders({ method, url: path, headers: { host }, body: "1" });
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      expect(response.statusCode).not.toBe(403);
      response.resume().on("end", () => resolve());
    });
    sent.on("error", reject).end("1");
  });
}
