import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "#test/support/repository";

/** What each part may import from, itself left out: other parts, or single files of them. */
const allowed: Record<string, readonly string[]> = {
  facts: [],
  runtime: [],
  powershell: ["runtime"],
  exchange: ["powershell", "runtime"],
  directory: ["exchange", "runtime", "facts"],
  validation: ["exchange", "powershell", "runtime"],
  snapshots: ["exchange", "runtime", "facts"],
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
    ...["exchange", "powershell", "runtime", "facts"],
  ],
  // Facts alone: what starts anything, or needs more than it says, is not for building a stack.
  cdk: ["runtime/metric-units", "runtime/configuration", "operations/message"],
};

const files = globSync("{functions,layers,local,cdk}/**/*.ts", { cwd: root });

test("finds the code it is about", () => {
  expect(files.length).toBeGreaterThan(30);
});

test.each(files)("%s imports downwards only", (file) => {
  const part = partOf(file);

  const imported = importsOf(file).filter((specifier) => !isAllowed(part, specifier.slice(1)));

  expect(imported).toEqual([]);
});

test.each(files)("%s is imported by its place in the tree, never by a relative path", (file) => {
  const source = readFileSync(join(root, file), "utf8");

  expect(source).not.toMatch(/from "\.\.?\//);
});

function isAllowed(part: string, path: string): boolean {
  const [imported = ""] = path.split("/");
  return [part, ...(allowed[part] ?? [])].some((name) => name === imported || name === path);
}

function partOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "layers" ? second : top;
}

function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), "utf8");
  return [...source.matchAll(/(?:from|import\()\s*["'`](#[^"'`]+)["'`]/g)].map((match) => match[1] ?? "");
}
