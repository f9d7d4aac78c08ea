import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { lockVersions } from "#image/lock-versions";
import { readVersions, versionsFile } from "#image/versions";

const folder = mkdtempSync(join(tmpdir(), "lock-test-"));
const file = join(folder, "versions.json");

afterAll(() => rmSync(folder, { recursive: true }));

function publish(name: string) {
  const path = join(folder, name);
  writeFileSync(path, name);
  return { url: pathToFileURL(path).href };
}

function hashOf(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}

function writeExample(moduleHash: object): void {
  const versions = {
    powershell: {
      version: "7.6.5",
      files: { x64: { ...publish("x64"), sha256: hashOf("x64") }, arm64: publish("arm64") },
    },
    module: { version: "3.10.1", files: { any: { ...publish("module"), ...moduleHash } } },
  };
  writeFileSync(file, JSON.stringify(versions));
}

test("fills in the hashes that are missing, and shows which", async () => {
  writeExample({});

  const locked = await lockVersions(file);

  expect(locked.map(({ sha256, isNew }) => [sha256, isNew])).toEqual([
    [hashOf("x64"), false],
    [hashOf("arm64"), true],
    [hashOf("module"), true],
  ]);
  const { powershell, module } = await readVersions(file);
  expect([powershell.files.x64, powershell.files.arm64, module.files.any].map(({ sha256 }) => sha256)).toEqual(
    locked.map(({ sha256 }) => sha256),
  );
});

test("writes nothing where a file is another one than its hash says", async () => {
  writeExample({ sha256: hashOf("another module") });
  const before = readFileSync(file, "utf8");

  const locked = lockVersions(file);

  await expect(locked).rejects.toThrow(`${hashOf("module")}, and versions.json says ${hashOf("another module")}`);
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("writes nothing where a file cannot be had", async () => {
  writeExample({});
  rmSync(join(folder, "module"));
  const before = readFileSync(file, "utf8");

  const locked = lockVersions(file);

  await expect(locked).rejects.toThrow("ENOENT");
  expect(readFileSync(file, "utf8")).toBe(before);
});

test.each([
  ["no hash", { sha256: "" }],
  ["no SHA-256", { sha256: "d41d8cd98f00b204e9800998ecf8427e" }],
  ["what nobody knows", { sha512: hashOf("module") }],
])("refuses %s", async (_, hash) => {
  writeExample(hash);

  await expect(readVersions(file)).rejects.toThrow();
});

test("knows PowerShell's hash for either architecture", async () => {
  const { powershell } = await readVersions(versionsFile);

  expect(Object.values(powershell.files).map(({ sha256 }) => typeof sha256)).toEqual(["string", "string"]);
});
