import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { root } from "#test/support/repository";

const program = join(root, "layers", "image", "parts", "fetch-part.ts");
const folder = mkdtempSync(join(tmpdir(), "fetch-part-test-"));
const target = join(folder, "target");
const content = "the module as it was published";
const sha256 = createHash("sha256").update(content).digest("hex");
const server = createServer((request, response) => {
  if (request.url === "/module") response.end(content);
  else response.writeHead(404).end("nothing of that name");
});
let served: string;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  served = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => rmSync(target, { force: true }));

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Runs the program as the Dockerfile does, with build arguments as its environment. */
async function fetchModule(named: { url: string; sha256?: string }, buildArguments: NodeJS.ProcessEnv = {}) {
  const versionsFile = join(folder, "versions.json");
  writeFileSync(versionsFile, JSON.stringify({ module: { version: "1.0", files: { any: named } } }));
  return execa(process.execPath, [program, versionsFile, "module", target], { env: buildArguments, reject: false });
}

test("keeps a file that is the one that is meant", async () => {
  const { exitCode } = await fetchModule({ url: `${served}/module`, sha256 });

  expect(exitCode).toBe(0);
  expect(readFileSync(target, "utf8")).toBe(content);
});

test("takes URL and hash from build arguments instead, a file's too", async () => {
  const local = join(folder, "local");
  writeFileSync(local, "another one");
  const hash = createHash("sha256").update("another one").digest("hex").toUpperCase();

  const { exitCode } = await fetchModule(
    { url: `${served}/module`, sha256 },
    { MODULE_URL: pathToFileURL(local).href, MODULE_SHA256: hash },
  );

  expect(exitCode).toBe(0);
  expect(readFileSync(target, "utf8")).toBe("another one");
});

test("holds a mirror's file to the hash that is known", async () => {
  const mirror = join(folder, "mirror");
  writeFileSync(mirror, "something else");

  const { exitCode, stderr } = await fetchModule(
    { url: `${served}/module`, sha256 },
    { MODULE_URL: pathToFileURL(mirror).href },
  );

  expect(exitCode).toBe(1);
  expect(stderr).toContain(`not ${sha256}`);
  expect(existsSync(target)).toBe(false);
});

test("fetches nothing without a hash, and says how to come by one", async () => {
  const { exitCode, stderr } = await fetchModule({ url: `${served}/module` });

  expect(exitCode).toBe(1);
  expect(stderr).toContain("npm run image:lock");
  expect(existsSync(target)).toBe(false);
});

test.each([
  ["nobody has", () => `${served}/gone`, "HTTP 404"],
  ["nobody answers for", () => "http://127.0.0.1:9/module", "cannot be fetched"],
  ["is no file", () => pathToFileURL(join(folder, "absent")).href, "no such file"],
])("says so of a file that %s", async (_, url, reason) => {
  const { exitCode, stderr } = await fetchModule({ url: url(), sha256 });

  expect(exitCode).toBe(1);
  expect(stderr).toContain(reason);
});

test("says so where there is no file for this architecture", async () => {
  const versionsFile = join(folder, "versions.json");
  writeFileSync(versionsFile, JSON.stringify({ powershell: { version: "7.6", files: { sparc: {} } } }));

  const { exitCode, stderr } = await execa(process.execPath, [program, versionsFile, "powershell", target], {
    reject: false,
  });

  expect(exitCode).toBe(1);
  expect(stderr).toContain(`no powershell for ${process.arch}`);
});
