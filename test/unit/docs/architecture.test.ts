import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "#test/support/repository";

const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
const [picture = ""] = /^```mermaid\n.*?^```/ms.exec(page) ?? [];

type Rule = { name: string; from: { path?: string }; to: { pathNot?: string | string[] } };
const { default: rules } = (await import(join(root, ".dependency-cruiser.mjs"))) as {
  default: { forbidden: Rule[] };
};

test("names files and folders that there are", () => {
  const named = [...page.matchAll(/`((?:layers|functions|cdk|local|test|docs)\/[^`\s]*|\.[\w.-]+)`/g)].map(
    ([, path = ""]) => path,
  );

  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("draws every layer that functions load, and no arrow that the rules forbid", () => {
  const arrows = [...picture.matchAll(/^ {2}(\w+) --> (.+)$/gm)].flatMap(([, from = "", to = ""]) =>
    to.split(" & ").map((target) => [from, target] as const),
  );
  const layers = rules.forbidden
    .map(({ name }) => /^(\w+)-imports-downwards$/.exec(name)?.[1] ?? "")
    .filter((name) => existsSync(join(root, "layers", name)) && name !== "" && name !== "image");

  expect(new Set(arrows.flat())).toEqual(new Set([...layers, "functions"]));
  expect(arrows.filter(([from, to]) => !isAllowed(from, to))).toEqual([]);
});

/** Whether the rule of the one part lets it import from the other. */
function isAllowed(from: string, to: string): boolean {
  const rule = rules.forbidden.find(({ name }) => name === `${from}-imports-downwards`);
  return [rule?.to.pathNot ?? []].flat().some((path) => new RegExp(path).test(`layers/${to}/`));
}
