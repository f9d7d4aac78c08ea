import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { findGroupOwnersEventSchema, groupOwnersSchema } from "#lookups/find-group-owners";
import { accessSchema, listGroupMembersEventSchema, memberListSchema } from "#lookups/list-group-members";
import { addGroupMembersRequestSchema } from "#operations/add-group-members/add-group-members";
import { createGroupRequestSchema } from "#operations/create-group/request";
import { expandAudienceRequestSchema } from "#operations/expand-audience/audience";
import { resultSchema } from "#operations/result";
import { runCli } from "#test/support/command";
import { root } from "#test/support/repository";

const folder = mkdtempSync(join(tmpdir(), "schemas-test-"));
const readme = readFileSync(join(root, "README.md"), "utf8");

/** Of README's examples in JSON, in their order. */
const exampleSchemas = [
  addGroupMembersRequestSchema,
  createGroupRequestSchema,
  resultSchema,
  expandAudienceRequestSchema,
  resultSchema,
  listGroupMembersEventSchema,
  memberListSchema,
  listGroupMembersEventSchema,
  accessSchema,
  findGroupOwnersEventSchema,
  groupOwnersSchema,
];

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("npm run schemas writes what requests, results, events and answers have to be like", async () => {
  const { exitCode } = await runCli("schemas", folder);

  expect(exitCode).toBe(0);
  expect(readdirSync(folder).sort()).toEqual([
    "add-group-members.schema.json",
    "create-group.schema.json",
    "expand-audience.schema.json",
    "find-group-owners-answer.schema.json",
    "find-group-owners.schema.json",
    "list-group-members-answer.schema.json",
    "list-group-members.schema.json",
    "result.schema.json",
  ]);
  const request = JSON.parse(readFileSync(join(folder, "add-group-members.schema.json"), "utf8"));
  expect(request).toMatchObject({
    required: ["operationId", "requestedAt", "requestedBy", "group", "members"],
    additionalProperties: false,
    properties: { members: { maxItems: 50 }, operationId: { pattern: "^[A-Za-z0-9_-]{1,128}$" } },
  });
});

test("README's examples are what they show", () => {
  const examples = [...readme.matchAll(/```json\n(.*?)```/gs)].map(([, text = ""]) => JSON.parse(text));

  const checked = exampleSchemas.map((schema, index) => schema.safeParse(examples[index]).error);

  expect(checked).toEqual(exampleSchemas.map(() => undefined));
});
