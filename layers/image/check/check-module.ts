/**
 * Fails where the image's PowerShell cannot import the module, or writes outside /tmp while it does: `node check-module.ts`
 * as root in the image, on Node alone. It is run as root, who may write what it likes, and as a user whom the image does
 * not know, as Lambda's is.
 */

import { spawnSync } from "node:child_process";
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const script = join(import.meta.dirname, "check-module.ps1");
const notInTheImage = new Set(["/dev", "/proc", "/sys", "/tmp"]);
const users = [
  { name: "root", id: 0 },
  { name: "an unknown user", id: 64_000 },
];

const startedAt = Date.now();
for (const { name, id } of users) {
  const problem = importAs(id);
  if (problem) fail(`The module cannot be imported as ${name}: ${problem}.`);
}
const changed = changedSince(startedAt, "/");
if (changed.length > 0) fail(`Importing the module wrote outside /tmp, which Lambda forbids: ${changed.join(", ")}`);
console.log("The module can be imported, and writes nothing outside /tmp.");

/** What went wrong, where something did. /tmp is left as empty as it was. */
function importAs(id: number): string | undefined {
  const before = new Set(readdirSync("/tmp"));
  const { error, signal, status } = spawnSync(
    process.env.POWERSHELL_PATH ?? "pwsh",
    ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", script],
    { uid: id, gid: id, cwd: "/", stdio: ["ignore", "inherit", "inherit"] },
  );
  for (const name of readdirSync("/tmp")) {
    if (!before.has(name)) rmSync(join("/tmp", name), { recursive: true, force: true });
  }
  if (error) return error.message;
  return status === 0 ? undefined : `PowerShell ended with ${signal ?? `exit code ${status}`}`;
}

function changedSince(time: number, folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (notInTheImage.has(path)) return [];
    const inside = entry.isDirectory() ? changedSince(time, path) : [];
    return lstatSync(path).ctimeMs < time ? inside : [path, ...inside];
  });
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}
