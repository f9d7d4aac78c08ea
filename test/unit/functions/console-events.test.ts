import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { createGroup } from "#operations/create-group/create-group";
import { expandAudience } from "#operations/expand-audience/expand-audience";
import { root } from "#test/support/repository";

type SavedEvent = { name: string; event: unknown; eventSchema: z.ZodType };

const folder = join(root, "functions");
const functions = globSync("*/handler.ts", { cwd: folder }).map(dirname).sort();
const saved = (await Promise.all(functions.map(readSavedEvents))).flat();

/** The requests of the functions that are given messages. */
const requestSchemas: Record<string, z.ZodType<{ dryRun?: boolean }>> = {
  "add-group-members": addGroupMembers.requestSchema,
  "create-group": createGroup.requestSchema,
  "expand-audience": expandAudience.requestSchema,
};
const messageSchema = z.looseObject({
  Records: z.tuple([z.looseObject({ body: z.string(), eventSourceARN: z.string() })]),
});
const messages = saved.flatMap(({ name, event }) => {
  const parsed = messageSchema.safeParse(event);
  return parsed.success ? [{ name, message: parsed.data.Records[0] }] : [];
});

test("has a saved event for each function", () => {
  expect([...new Set(saved.map(functionOf))]).toEqual(functions);
});

test.each(saved)("saves an event that the function takes: $name", ({ event, eventSchema }) => {
  const parsed = eventSchema.safeParse(event);

  expect(parsed.error).toBeUndefined();
});

test("saves events of messages for each function that is given them", () => {
  expect(messages.map(functionOf).sort()).toEqual(Object.keys(requestSchemas).sort());
});

test.each(messages)("saves a message that its function understands, and that changes nothing: $name", (saved) => {
  const request = requestSchemas[functionOf(saved)]?.parse(JSON.parse(saved.message.body));

  expect(request?.dryRun).toBe(true);
  expect(saved.message.eventSourceARN).toContain(functionOf(saved));
});

test("saves no event that publishes a snapshot which the guard holds back", () => {
  expect(JSON.stringify(saved.map(({ event }) => event))).not.toContain("allowShrinkTo");
});

async function readSavedEvents(name: string): Promise<SavedEvent[]> {
  const events: unknown = JSON.parse(readFileSync(join(folder, name, "console-events.json"), "utf8"));
  const { handler } = await import(join(folder, name, "handler.ts"));
  return Object.entries(z.record(z.string(), z.unknown()).parse(events)).map(([title, event]) => ({
    name: `${name}, ${title}`,
    event,
    eventSchema: handler.eventSchema,
  }));
}

function functionOf({ name }: { name: string }): string {
  return name.split(",")[0] ?? "";
}
