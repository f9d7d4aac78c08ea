import { globSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { execa } from "execa";
import { expect, test } from "vitest";
import { root } from "#test/support/repository";

const scripts = globSync("{layers,local}/**/*.{ps1,psm1}", { cwd: root }).map((path) => join(root, path));

test("our PowerShell calls the engine's own commands and ours alone, so that none of its modules has to be loaded first", async () => {
  const lister = join(import.meta.dirname, "list-commands.ps1");

  const { stdout } = await execa(
    process.env.TEST_POWERSHELL_PATH ?? "pwsh",
    ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", lister, ...scripts],
    { stdin: "ignore" },
  );

  expect(scripts.length).toBeGreaterThan(10);
  expect(stdout.split("\n").filter(Boolean)).toEqual([]);
});
