import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type * as z from "zod";
import { tenantFileSchema } from "#local/exchange/tenant/tenant-file";
import { findGroupOwnersEventSchema, groupOwnersSchema } from "#lookups/find-group-owners";
import { accessSchema, listGroupMembersEventSchema, memberListSchema } from "#lookups/list-group-members";
import { addGroupMembersRequestSchema } from "#operations/add-group-members/add-group-members";
import { createGroupRequestSchema } from "#operations/create-group/request";
import { expandAudienceRequestSchema } from "#operations/expand-audience/audience";
import { resultSchema } from "#operations/result";
import { root } from "#test/support/repository";

const pages = globSync(["*.md", "docs/*.md"], { cwd: root }).sort();
const read = (page: string) => readFileSync(join(root, page), "utf8");

/** What each page's examples in JSON are, in their order. Every example that a page has is named here. */
const examples: Record<string, z.ZodType[]> = {
  "docs/commands.md": [tenantFileSchema],
  "docs/messages.md": [
    addGroupMembersRequestSchema,
    createGroupRequestSchema,
    resultSchema,
    expandAudienceRequestSchema,
    resultSchema,
  ],
  "docs/lookups.md": [
    listGroupMembersEventSchema,
    memberListSchema,
    listGroupMembersEventSchema,
    accessSchema,
    findGroupOwnersEventSchema,
    groupOwnersSchema,
  ],
};

/** Its own test knows what is in it. */
const checkedElsewhere = ["docs/credentials.md"];

test.each(pages.filter((page) => !checkedElsewhere.includes(page)))("has in %s the examples it is to have", (page) => {
  const schemas = examples[page] ?? [];
  const texts = fences(page, "json");

  expect(texts).toHaveLength(schemas.length);
  const problems = texts.map((text, index) => schemas[index]?.safeParse(JSON.parse(text)).error);
  expect(problems).toEqual(schemas.map(() => undefined));
});

test("has every page whose examples are checked", () => {
  expect(pages).toEqual(expect.arrayContaining([...Object.keys(examples), ...checkedElsewhere]));
});

test.each(pages)("links in %s to files and sections that there are", (page) => {
  const links = [...withoutFences(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);

  const broken = links.filter((target) => !/^https:/.test(target) && !isThere(page, target));

  expect(broken).toEqual([]);
});

test("links from README to every page", () => {
  const missing = pages.filter((page) => page !== "README.md" && !read("README.md").includes(`](${page})`));

  expect(missing).toEqual([]);
});

test("keeps README to 900 words", () => {
  const words = read("README.md").split(/\s+/).filter(Boolean);

  expect(words.length).toBeLessThanOrEqual(900);
});

test("names every npm script among the commands, and no other in any page", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const namesIn = (text: string) => {
    const named = text.matchAll(/\bnpm (?:run (?:--silent )?([a-z][a-z:-]*)|(start|test))\b/g);
    return new Set([...named].map(([, run, short]) => run ?? short ?? ""));
  };
  const rows = read("docs/commands.md").match(/^\|.*/gm) ?? [];

  const all = Object.keys(scripts).filter((name) => name !== "pretest");
  expect(all.filter((name) => !namesIn(rows.join("\n")).has(name))).toEqual([]);
  expect([...namesIn(pages.map(read).join("\n"))].filter((name) => !(name in scripts))).toEqual([]);
});

function fences(page: string, language: string): string[] {
  return [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, text = ""]) => text);
}

function withoutFences(text: string): string {
  return text.replaceAll(/^```.*?^```/gms, "");
}

function isThere(page: string, target: string): boolean {
  const [path = "", section] = target.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return section === undefined || sectionsOf(file).includes(section);
}

/** The anchors that GitHub gives to a page's headings. */
function sectionsOf(page: string): string[] {
  const headings = [...withoutFences(read(page)).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
