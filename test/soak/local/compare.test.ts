import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { standInFolder } from "#local/powershell/exchange-module";
import { runCommand } from "#test/support/command";
import { root } from "#test/support/repository";

const powershell = String(process.env.TEST_POWERSHELL_PATH);
/** Nobody waits for it: it ends when the scenarios are played, however busy the machine is. */
const timeout = 30 * 60_000;

let folder: string;
let module: string;

/** A copy of the stand-in, and of what it reads of the repository, in the same places. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "compare-test-"));
  module = join(folder, relative(root, standInFolder));
  for (const path of [relative(root, standInFolder), "layers/exchange/environments.json"]) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function compare(...words: string[]) {
  return runCommand("compare", "--module", module, "--powershell", powershell, ...words);
}

/** Changes one file of the copy. */
function alter(file: string, what: string, by: string): void {
  const path = join(module, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(what);
  writeFileSync(path, text.replaceAll(what, by));
}

test("finds no difference between the stand-in and a copy of it", { timeout }, async () => {
  const only = "functions/ingest-groups,credentials/no-private-key,faults/connecting/transient/add-group-members";

  const { exitCode, stdout, stderr } = await compare("--only", only);

  expect(stdout).toContain("3 scenarios compared, 0 with differences");
  expect(stderr).toContain("3 scenarios, about 1 minute");
  expect(stderr).toMatch(/^\d\/3 {2}functions\/ingest-groups {2}the same/m);
  expect(exitCode).toBe(0);
});

test("finds in which respect a module is another one", { timeout }, async () => {
  const value = "$value.GetString()";
  alter("Private/Recipient.ps1", `$row[$name] = ${value}`, `$row[$name] = $name -eq 'DisplayName' ? 'X' : ${value}`);

  const { exitCode, stdout } = await compare("--only", "functions/find-group-owners,credentials/no-private-key");

  expect(stdout).toMatch(/^functions\/find-group-owners +of \S+ > answer > .+ X$/m);
  expect(stdout).toContain("2 scenarios compared, 1 with differences");
  expect(exitCode).toBe(1);
});

test("ends with 2 where there is nothing to compare", { timeout }, async () => {
  const noModule = await runCommand("compare", "--module", join(folder, "none"), "--powershell", powershell);
  const noScenario = await compare("--only", "functions/none");
  const nothing = await runCommand("compare");

  expect(noModule).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Could not be compared") });
  expect(noScenario).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("functions/none") });
  expect(nothing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--module PATH") });
});
