import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import process from "node:process";
import * as z from "zod";
import { print } from "#local/print";
import { findGroupOwnersAnswerSchema, findGroupOwnersEventSchema } from "#lookups/find-group-owners";
import { listGroupMembersAnswerSchema, listGroupMembersEventSchema } from "#lookups/list-group-members";
import { addGroupMembersRequestSchema } from "#operations/add-group-members/add-group-members";
import { createGroupRequestSchema } from "#operations/create-group/request";
import { expandAudienceRequestSchema } from "#operations/expand-audience/audience";
import { resultSchema } from "#operations/result";

const schemas = {
  "add-group-members": addGroupMembersRequestSchema,
  "create-group": createGroupRequestSchema,
  "expand-audience": expandAudienceRequestSchema,
  result: resultSchema,
  "find-group-owners": findGroupOwnersEventSchema,
  "find-group-owners-answer": findGroupOwnersAnswerSchema,
  "list-group-members": listGroupMembersEventSchema,
  "list-group-members-answer": listGroupMembersAnswerSchema,
};

/** Writes what messages, events and answers have to be like as JSON Schema, a file each. */
export async function schemasCommand(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, schema] of Object.entries(schemas)) {
    const file = join(folder, `${name}.schema.json`);
    const text = JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, 2);
    await writeFile(file, `${text}\n`);
    print(relative(process.cwd(), file));
  }
}
