import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { afterAll, expect, test } from "vitest";
import { provideEmbeddedPowerShell } from "#local/powershell/embedded-powershell";
import { resolvePowerShell } from "#local/powershell/resolve";
import { startSession } from "#powershell/session";
import { deadlineIn } from "#runtime/deadline";

const folder = mkdtempSync(join(tmpdir(), "resolve-"));
const isEmbedded = /[\\/]\.local[\\/]powershell[\\/]/.test(process.env.TEST_POWERSHELL_PATH ?? "");
const installed = putPowerShell("installed", "7.5.3");
const asked = putPowerShell("asked", "7.6.0");

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  { order: "POWERSHELL_PATH before pwsh", POWERSHELL_PATH: asked, path: asked, version: "7.6.0" },
  { order: "pwsh where nothing is asked for", POWERSHELL_PATH: "", path: installed, version: "7.5.3" },
])("takes $order, each with the module that EXCHANGE_MODULE_PATH names", async ({ POWERSHELL_PATH, path, version }) => {
  const modulePath = putModule("3.9.0");

  const found = await resolvePowerShell({
    PATH: `${join(folder, "installed")}:${process.env.PATH}`,
    POWERSHELL_PATH,
    EXCHANGE_MODULE_PATH: modulePath,
  });

  expect(found).toMatchObject({ powershellPath: path, module: { path: modulePath } });
  expect(found.describe).toBe(`PowerShell ${version} (${path}), ExchangeOnlineManagement 3.9.0 (${modulePath})`);
});

test.runIf(isEmbedded)("takes the embedded PowerShell, with all its modules, where there is no other", async () => {
  const { powershellPath, module } = await resolvePowerShell({
    PATH: folder,
    EXCHANGE_MODULE_PATH: putModule("3.10.0"),
  });

  expect([powershellPath, module.version]).toEqual([process.env.TEST_POWERSHELL_PATH, "3.10.0"]);
  expect(readdirSync(join(dirname(powershellPath), "Modules"))).toEqual(
    expect.arrayContaining(["Microsoft.PowerShell.Utility", "PackageManagement", "PowerShellGet"]),
  );
});

test("refuses a PowerShell that is too old", async () => {
  const POWERSHELL_PATH = putPowerShell("old", "7.2.0");

  await expect(resolvePowerShell({ PATH: process.env.PATH, POWERSHELL_PATH })).rejects.toMatchObject({
    code: "POWERSHELL_START_FAILED",
    message: expect.stringContaining("7.4 or later is needed"),
  });
});

test("says what to install where there is nothing to build PowerShell with", async () => {
  const provided = provideEmbeddedPowerShell({
    folder: join(folder, "builds"),
    environment: { PATH: folder },
    onProgress: () => {},
  });

  await expect(provided).rejects.toMatchObject({
    code: "POWERSHELL_NOT_FOUND",
    message: expect.stringContaining("neither pwsh nor dotnet"),
  });
});

test("runs a module that requires PackageManagement and PowerShellGet, as the genuine one does, by its manifest in UTF-16", async () => {
  const modulePath = putModule("3.9.0", "RequiredModules = 'PackageManagement', 'PowerShellGet'");
  const session = startSession({ powershellPath: process.env.TEST_POWERSHELL_PATH ?? "pwsh", modulePath });

  const facts = await session.inspectModule({ deadline: deadlineIn(100_000) }).finally(() => session.close());

  expect(facts).toMatchObject({ version: "3.9.0", path: modulePath });
});

test("tells of a loaded module that it is a preview", async () => {
  const modulePath = putModule("3.9.1", "PrivateData = @{ PSData = @{ Prerelease = 'Preview1' } }");
  const session = startSession({ powershellPath: process.env.TEST_POWERSHELL_PATH ?? "pwsh", modulePath });

  const facts = await session.inspectModule({ deadline: deadlineIn(100_000) }).finally(() => session.close());

  expect(facts.version).toBe("3.9.1-Preview1");
});

function putPowerShell(name: string, version: string): string {
  const path = join(folder, name, "pwsh");
  mkdirSync(join(folder, name));
  writeFileSync(path, `#!/bin/sh\necho "PowerShell ${version}"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A module without a command of its own. */
function putModule(version: string, more = ""): string {
  const path = join(mkdtempSync(join(folder, "module-")), "ExchangeOnlineManagement.psd1");
  writeFileSync(path, `\ufeff@{\r\nModuleVersion = '${version}'\r\n${more}\r\n}\r\n`, "utf16le");
  return path;
}
