import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveModulePath } from "#powershell/module-path";
import { ExchangeError } from "#runtime/errors";

const manifest = "ExchangeOnlineManagement.psd1";
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "module-path-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("takes the manifest itself, under any name", () => {
  const path = put("Stand-In.PSD1");

  expect(resolveModulePath(path)).toBe(path);
});

test("takes the folder the manifest lies in", () => {
  const path = put(`3.9.0/${manifest}`);

  expect(resolveModulePath(dirname(path))).toBe(path);
});

test("takes the newest of several versions, by their numbers", () => {
  for (const version of ["3.9.2", "3.10.0", "3.5", "3.10"]) put(`${version}/${manifest}`);
  put(`9.0.0/Other.psd1`);
  put(`latest/${manifest}`);

  expect(resolveModulePath(folder)).toBe(join(folder, "3.10.0", manifest));
});

test("takes a manifest in the folder itself before any version below it", () => {
  put(`3.9.2/${manifest}`);
  const path = put(manifest);

  expect(resolveModulePath(folder)).toBe(path);
});

test("answers an absolute path to a relative one, for PowerShell takes a bare name for a module's", () => {
  const path = put(manifest);

  expect(resolveModulePath(relative(process.cwd(), path))).toBe(path);
});

test.each([
  ["a manifest that is not there", () => join(folder, "Missing.psd1"), () => join(folder, "Missing.psd1")],
  ["a folder without a manifest", () => folder, () => join(folder, "<version>", manifest)],
  ["a folder that is not there", () => join(folder, "none"), () => join(folder, "none", manifest)],
  ["a path through a file", () => join(put("file"), "below"), () => join(folder, "file", "below", manifest)],
  ["a path that no system takes", () => "a\0b", () => "a\\u0000b"],
])("refuses %s and says what was looked for", (_, path, lookedFor) => {
  const error = refusal(path());

  expect(error.code).toBe("MODULE_UNUSABLE");
  expect(error.message).toContain(lookedFor());
  expect(error.message).toContain("EXCHANGE_MODULE_PATH");
});

test("refuses a folder whose name ends like a manifest's", () => {
  mkdirSync(join(folder, manifest));

  expect(refusal(join(folder, manifest)).code).toBe("MODULE_UNUSABLE");
});

function put(path: string): string {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, "@{}");
  return place;
}

function refusal(path: string): ExchangeError {
  try {
    resolveModulePath(path);
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}
