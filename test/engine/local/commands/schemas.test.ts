import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runCli } from "#test/support/command";

const folder = mkdtempSync(join(tmpdir(), "schemas-test-"));

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
