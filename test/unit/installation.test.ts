import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { satisfies } from "semver";
import { expect, test } from "vitest";
import { root } from "#test/support/repository";

type Package = { engines?: { node?: string }; optional?: boolean; hasInstallScript?: boolean };

const locked: [string, Package][] = Object.entries(
  JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages,
);

/**
 * npm compares engines with the Node it runs on, which is not the one that comes along: an older one would print a page of
 * warnings that mean nothing. What is left out of the lock file is compared here.
 */
test("locks no package's engines, so that an older Node installs without warnings", () => {
  const named = locked.filter(([, { engines }]) => engines).map(([path]) => path);

  expect(named, "Delete every `engines` from package-lock.json").toEqual([]);
});

test("installs nothing that needs another Node than the one that comes along", () => {
  const needing = locked
    .filter(([path, { optional }]) => path !== "" && !optional)
    .map(([path]) => JSON.parse(readFileSync(join(root, path, "package.json"), "utf8")) as Package & { name: string })
    .filter(({ engines }) => engines?.node && !satisfies(process.version, engines.node))
    .map(({ name, engines }) => `${name} needs Node ${engines?.node}`);

  expect(needing).toEqual([]);
});

test("says of each package that would run a script when it is installed whether it may", () => {
  const { allowScripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));

  expect(scripted.filter((name) => !(name in allowScripts))).toEqual([]);
});

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}
