import fc from "fast-check";
import { expect } from "vitest";
import type { ExchangeClient } from "#exchange/client";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { createGroup } from "#operations/create-group/create-group";
import { handleMessage } from "#operations/handle-message";
import { deadlineIn } from "#runtime/deadline";
import { awkwardText } from "#test/support/awkward-text";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { readResult } from "#test/support/read-result";
import { createModelExchange } from "#test/unit/layers/operations/model-exchange";

const nothingWrong = () => 0.99;

/** What Exchange would take for everything there is, and what a request is refused for. */
const blank = /^[\s\u0085]*$/;
/** What the model has, by name or id. */
const known = /^(ada|crew|[0-9a-f-]{36})$/;

/** Whether an owner's account is disabled, and whether somebody is in a group: by ids alone. */
const ownersFilter = /^Guid -eq '[0-9a-f-]{36}'$/;
const memberFilter = /^Members -eq 'CN=[0-9a-f-]{36},DC=contoso' -and Guid -eq '[0-9a-f-]{36}'$/;

/** A name as a group gets it. */
const withoutEdges = (text: string) => text.replaceAll(/^[\s\u0085\p{Cf}]+|[\s\u0085\p{Cf}]+$/gu, "");
/** A text as it is asked for first. */
const withoutBlanks = (text: string) => text.replaceAll(/^[\s\u0085]+|[\s\u0085]+$/gu, "");
/** A text of which parts may have been taken off, and whose apostrophes may be written in another way. */
const plain = (text: string) => text.replaceAll(/[\s\p{Cf}]/gu, "").replaceAll(/[‘’]/g, "'");

type Call = { cmdlet: string; parameters: Record<string, unknown> };

/** Expects so many texts to reach Exchange as group, member and name as they are, or to be refused. */
export async function expectTextsAsTheyAre(count: number): Promise<void> {
  let given = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(awkwardText, { minLength: 34, maxLength: 34 }), async ([group = "", ...members]) => {
      const sent = members.filter((text) => !blank.test(text));
      const found = await carryOut(addGroupMembers, { group, members: ["ada"] });
      const added = await carryOut(addGroupMembers, { group: "crew", members: sent });
      const made = await carryOut(createGroup, { name: "free", owners: ["ada", group] });
      given += 2 + sent.length;

      const asked = [...found, ...added, ...made].map(({ parameters }) => parameters.Identity);
      expect(asked).toEqual(expect.arrayContaining((blank.test(group) ? sent : [group, ...sent]).map(withoutBlanks)));
      const texts = [group, ...members].map(plain);
      const calls = [...found, ...added, ...made].filter(({ parameters }) => !known.test(String(parameters.Identity)));
      for (const { cmdlet, parameters } of calls) {
        expect(["Get-EXORecipient", "Get-DistributionGroup", "Get-User"]).toContain(cmdlet);
        if (cmdlet === "Get-User" && "Filter" in parameters) {
          expect(parameters.Filter).toMatch(ownersFilter);
          continue;
        }
        expect(texts.some((text) => text.includes(plain(String(parameters.Identity).replace(/\*$/, ""))))).toBe(true);
        expect(parameters).not.toHaveProperty("Filter");
      }
    }),
    { numRuns: Math.ceil(count / 32) },
  );
  expect(given).toBeGreaterThan(count);
}

/** Expects groups of so many names to be made where a name is taken for one, and found by id alone. */
export async function expectGroupsOfAnyName(names: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(awkwardText, async (name) => {
      const calls = await carryOut(createGroup, { name, owners: ["ada"], members: ["ben"] });

      const writes = calls.filter(({ cmdlet }) => /^(New|Add)-/.test(cmdlet));
      if (calls.length === 0) return;
      expect(writes).toMatchObject([
        { parameters: { Name: withoutEdges(name) } },
        { parameters: { Identity: expect.any(String) } },
      ]);
      for (const { cmdlet, parameters } of calls.filter((call) => "Filter" in call.parameters)) {
        expect(parameters.Filter).toMatch(cmdlet === "Get-User" ? ownersFilter : memberFilter);
      }
    }),
    { numRuns: names },
  );
}

/** Gives a definition one message and answers what it asked of an Exchange that knows ada and ben. */
async function carryOut(definition: typeof addGroupMembers | typeof createGroup, fields: object): Promise<Call[]> {
  const exchange = createModelExchange(nothingWrong);
  for (const name of ["ada", "ben"]) exchange.addPerson(name);
  exchange.addList("crew");
  const calls: Call[] = [];
  const note = (cmdlet: { name: string }, parameters: unknown) => {
    calls.push({ cmdlet: cmdlet.name, parameters: parameters as Record<string, unknown> });
  };
  const client: ExchangeClient = {
    ...exchange.client,
    read: (cmdlet, parameters, options) => {
      note(cmdlet, parameters);
      return exchange.client.read(cmdlet, parameters, options);
    },
    write: (cmdlet, parameters, options) => {
      note(cmdlet, parameters);
      return exchange.client.write(cmdlet, parameters, options);
    },
  };
  const common = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
  const message = messageOf({ ...common, ...fields });
  const results: string[] = [];
  await handleMessage(message, definition as typeof addGroupMembers, {
    client,
    store: createMemoryStore(nothingWrong, 0),
    queues: { sendResult: async (text) => void results.push(text), hide: async () => {} },
    tenant: null,
    deadline: deadlineIn(100_000),
    readBackPausesMs: [],
  });
  const [result, ...others] = results.map((text) => readResult(text));
  expect(others).toEqual([]);
  expect(result?.final).toBe(result?.error?.code !== "EVENT_INVALID");
  return calls;
}
