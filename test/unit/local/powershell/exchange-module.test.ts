import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findExchangeModule } from "#local/powershell/exchange-module";
import { root } from "#test/support/repository";

const name = "ExchangeOnlineManagement";
const program = { path: "/nowhere/pwsh", version: "7.6.9" };
const standInFolder = join(root, "local", "powershell", name);
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exchange-module-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const encodings: [string, (text: string) => Buffer][] = [
  ["UTF-8", (text) => Buffer.from(text)],
  ["UTF-8 with a byte order mark", (text) => Buffer.from(`\ufeff${text}`)],
  ["UTF-16, the low byte first", (text) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ["UTF-16, the high byte first", (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
];

test.each(encodings)("reads the version of an installed module whose manifest is in %s", (_, encode) => {
  const path = install("Modules", "3.9.0", encode("@{\r\nModuleVersion = '3.9.0'\r\nAuthor = 'Zoë'\r\n}\r\n"));

  expect(find({ PSModulePath: join(folder, "Modules") })).toEqual({ path, version: "3.9.0", isStandIn: false });
});

test("tells a prerelease by its label", () => {
  install("Modules", "3.9.1", manifest("3.9.1", "Preview1"));

  expect(find({ PSModulePath: join(folder, "Modules") })).toMatchObject({
    version: "3.9.1-Preview1",
    isStandIn: false,
  });
});

test("takes the stand-in where no module is installed, and its version says so", () => {
  expect(find({})).toEqual({
    path: join(standInFolder, `${name}.psd1`),
    version: "3.9.0-stand-in",
    isStandIn: true,
  });
});

test("knows the stand-in wherever it lies", () => {
  cpSync(standInFolder, join(folder, "copy"), { recursive: true });

  expect(find({ EXCHANGE_MODULE_PATH: join(folder, "copy") })).toMatchObject({ isStandIn: true });
});

test.each([
  ["is too old", manifest("3.4.0"), "3.4.0 is too old"],
  ["is not for this PowerShell", manifest("3.10.0"), "needs PowerShell 7.6"],
  ["names no version", Buffer.from("@{}"), "no ModuleVersion"],
])("refuses an installed module that %s, instead of passing it over for the stand-in", (_, text, says) => {
  const path = install("Modules", "installed", text);

  const refused = () => find({ PSModulePath: join(folder, "Modules") }, "7.4.1");

  expect(refused).toThrow(expect.objectContaining({ code: "MODULE_UNUSABLE", message: expect.stringContaining(says) }));
  expect(refused).toThrow(path);
});

test("takes the next installed module where the first one cannot run", () => {
  install("Old", "3.4.0", manifest("3.4.0"));
  const path = install("New", "3.9.0", manifest("3.9.0"));

  expect(find({ PSModulePath: `${join(folder, "Old")}:${join(folder, "New")}` })).toMatchObject({ path });
});

test("takes the module of EXCHANGE_MODULE_PATH before an installed one, and no other where that cannot run", () => {
  install("Modules", "3.9.0", manifest("3.9.0"));
  const asked = install("Asked", "3.10.0", manifest("3.10.0"));
  const environment = { PSModulePath: join(folder, "Modules"), EXCHANGE_MODULE_PATH: asked };

  expect(find(environment)).toMatchObject({ path: asked, version: "3.10.0" });
  expect(() => find(environment, "7.4.1")).toThrow(expect.objectContaining({ code: "MODULE_UNUSABLE" }));
});

/** What is found in an environment whose home is empty. */
function find(environment: NodeJS.ProcessEnv, version = program.version) {
  return findExchangeModule({ ...program, version }, { HOME: folder, ProgramFiles: folder, ...environment });
}

function manifest(version: string, label = ""): Buffer {
  return Buffer.from(`@{\n  # ModuleVersion = '1.0'\n  ModuleVersion = '${version}'\n  PrivateData = @{ PSData = @{
    Prerelease = '${label}'\n  } }\n}\n`);
}

/** A folder of versions, as Install-Module makes it. */
function install(modules: string, version: string, text: Buffer): string {
  const place = join(folder, modules, name, /^\d/.test(version) ? version : "", `${name}.psd1`);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  return place;
}
