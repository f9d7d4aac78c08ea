import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "#test/support/repository";

/** What each part may import from, itself left out: other parts, or single files of them. */
const allowed: Record<string, readonly string[]> = {
  facts: [],
  runtime: ["facts"],
  storage: ["runtime"],
  powershell: ["runtime"],
  exchange: ["storage", "powershell", "runtime"],
  directory: ["exchange", "runtime", "facts"],
  validation: ["storage", "exchange", "powershell", "runtime"],
  snapshots: ["storage", "exchange", "runtime", "facts"],
  operations: ["storage", "directory", "exchange", "runtime", "facts"],
  // Deployed beside the others, never loaded by them.
  image: [],
  lookups: ["storage", "directory", "exchange", "runtime"],
  functions: [
    "storage",
    ...["validation", "directory", "snapshots", "lookups", "operations"],
    ...["exchange", "runtime"],
  ],
  local: [
    "storage",
    ...["functions", "validation", "directory", "snapshots", "lookups", "operations"],
    ...["exchange", "powershell", "runtime", "facts"],
  ],
  // Facts alone: what starts anything, or needs more than it says, is not for building a stack.
  cdk: ["facts/metric-units", "runtime/configuration", "operations/message"],
};

const files = globSync("{functions,layers,local,cdk}/**/*.ts", { cwd: root });

test("finds the code it is about", () => {
  expect(files.length).toBeGreaterThan(30);
});

test("imports downwards only", () => {
  const upwards = files.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => !isAllowed(partOf(file), specifier.slice(1)))
      .map((specifier) => `${file} imports ${specifier}`),
  );

  expect(upwards).toEqual([]);
});

test("imports everything by its place in the tree, nothing by a relative path", () => {
  expect(files.filter((file) => /from "\.\.?\//.test(sourceOf(file)))).toEqual([]);
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
  return [...sourceOf(file).matchAll(/(?:from|import\()\s*["'`](#[^"'`]+)["'`]/g)].map((match) => match[1] ?? "");
}

function sourceOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
