import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** What each part may import from, itself left out. */
const allowed: Record<string, readonly string[]> = {
  runtime: [],
  powershell: ["runtime"],
  exchange: ["powershell", "runtime"],
  directory: ["exchange", "runtime"],
  validation: ["exchange", "powershell", "runtime"],
  snapshots: ["exchange", "runtime"],
  operations: ["exchange", "runtime"],
  changes: ["operations", "directory", "exchange", "runtime"],
  // Deployed beside the others, never loaded by them.
  image: [],
  audiences: ["operations", "directory", "exchange", "runtime"],
  lookups: ["directory", "exchange", "runtime"],
  functions: [
    ...["validation", "directory", "snapshots", "changes", "audiences", "lookups", "operations"],
    ...["exchange", "runtime"],
  ],
  local: [
    ...["functions", "validation", "directory", "snapshots", "changes", "audiences", "lookups", "operations"],
    ...["exchange", "powershell", "runtime"],
  ],
};

const files = globSync("{functions,layers,local}/**/*.ts", { cwd: root });

test("finds the code it is about", () => {
  expect(files.length).toBeGreaterThan(30);
});

test.each(files)("%s imports downwards only", (file) => {
  const part = partOf(file);

  const imported = importsOf(file).map((specifier) => specifier.slice(1).split("/")[0] ?? "");

  expect([part, ...(allowed[part] ?? [])]).toEqual(expect.arrayContaining(imported));
});

test.each(files)("%s is imported by its place in the tree, never by a relative path", (file) => {
  const source = readFileSync(join(root, file), "utf8");

  expect(source).not.toMatch(/from "\.\.?\//);
});

function partOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "layers" ? second : top;
}

function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), "utf8");
  return [...source.matchAll(/(?:from|import\()\s*["'`](#[^"'`]+)["'`]/g)].map((match) => match[1] ?? "");
}
