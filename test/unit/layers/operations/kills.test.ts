import { expect, test } from "vitest";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { createGroup } from "#operations/create-group/create-group";
import { audienceManifestSchema } from "#operations/expand-audience/audience";
import { createExpandAudience } from "#operations/expand-audience/expand-audience";
import { maxReceiveCount } from "#operations/message";
import { ExchangeError } from "#runtime/errors";
import { readPages } from "#storage/pages";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { type AnyResult, readResult } from "#test/support/read-result";
import { referenceOf, rootOf } from "#test/unit/layers/directory/group-graph";
import { chain, eachGroup } from "#test/unit/layers/operations/expand-audience/audience-fixture";
import { createModelDirectory } from "#test/unit/layers/operations/expand-audience/model-directory";
import { createModelExchange } from "#test/unit/layers/operations/model-exchange";
import { startWorker, type World } from "#test/unit/layers/operations/stepping-worker";

const withoutTrouble = () => 0.99;
const request = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

type Operation = World & {
  /** Carries its message out as it comes so often, by a worker that stops there. */
  receive: (receives: number, stopsAt?: number) => ReturnType<typeof startWorker>;
  /** Exchange and what was written are as the result says, and nothing was done twice. */
  expectDone: (result: AnyResult) => unknown;
};

/** Two people are added to a list in which one of them is not. */
function openAddition(): Operation {
  const exchange = createModelExchange(withoutTrouble);
  const group = exchange.addList("crew");
  const [ada, ben] = ["ada", "ben"].map((name) => exchange.addPerson(name).id);
  const world = openWorld(exchange.client);
  const body = { ...request, group: "crew", members: [ada, ben] };
  return {
    ...world,
    receive: (receives, stopsAt) => startWorker(messageOf(body, receives), addGroupMembers, world, stopsAt),
    expectDone: ({ members }) => {
      expect(group.members).toEqual([ada, ben]);
      expect(members).toMatchObject([
        { id: ada, outcome: "added" },
        { id: ben, outcome: "added" },
      ]);
    },
  };
}

function openCreation(): Operation {
  const exchange = createModelExchange(withoutTrouble);
  const [ada, ben] = ["ada", "ben"].map((name) => exchange.addPerson(name).id);
  const world = openWorld(exchange.client);
  const body = { ...request, name: "project", owners: [ada], members: [ben] };
  return {
    ...world,
    receive: (receives, stopsAt) => startWorker(messageOf(body, receives), createGroup, world, stopsAt),
    expectDone: ({ group, members }) => {
      const made = exchange.objects.filter(({ name }) => name === "project");
      expect(made).toMatchObject([{ id: group?.id, members: [ben] }]);
      expect(members).toMatchObject([{ id: ben, outcome: "added" }]);
    },
  };
}

/** Three lists in each other, with a person in each. */
function openExpansion(): Operation {
  const graph = chain(3);
  const world = openWorld(createModelDirectory(graph, async () => {}).client);
  const body = { ...request, group: rootOf(graph).id };
  const skill = createExpandAudience(eachGroup);
  return {
    ...world,
    receive: (receives, stopsAt) => startWorker(messageOf(body, receives), skill, world, stopsAt),
    expectDone: async ({ audience }) => {
      const { body: manifest } = (await world.store.get(audience?.manifestKey ?? "")) ?? {};
      const { pages } = audienceManifestSchema.parse(JSON.parse(String(manifest)));
      const corrupt = (key: string, problem: string) => new ExchangeError("STORAGE_CORRUPT", `${key} ${problem}`);
      const ids = await Array.fromAsync(readPages(world.store, pages, { corrupt }), ({ id }) => id);
      expect(ids.sort()).toEqual([...referenceOf(graph).paths.keys()].sort());
    },
  };
}

const operations = [
  { action: "add-group-members", open: openAddition, changes: "write with Add-DistributionGroupMember" },
  { action: "create-group", open: openCreation, changes: "write with New-DistributionGroup" },
  { action: "expand-audience", open: openExpansion, changes: "put audiences" },
];

/** A message comes once more after its worker has died; after the last time it is sent again from the dead-letter queue. */
const receives = [
  { first: 1, next: 2, called: "first" },
  { first: maxReceiveCount, next: 1, called: "last" },
];

const cases = operations.flatMap((operation) => receives.map((each) => ({ ...operation, ...each })));

test.each(cases)(
  "carries $action out once and says so, whichever step of the $called receive a worker stops at, and if it then goes on",
  async ({ open, changes, first, next }) => {
    const undisturbed = open().receive(first);
    expect(await undisturbed.isDeleted).toBe(true);
    const { steps } = undisturbed;
    expect(steps).toEqual(expect.arrayContaining([changes, "put operations", "send result", "delete message"]));

    for (const [place, step] of steps.entries()) {
      const operation = open();
      const where = `step ${place + 1}, ${step}`;
      const late = operation.receive(first, place);
      expect([where, await Promise.race([late.stopped, late.isDeleted])]).toEqual([where, "stopped"]);

      expect([where, await operation.receive(next).isDeleted]).toEqual([where, true]);
      await expectOneEnd(operation, where);

      late.wake();
      await late.isDeleted.catch(() => {}); // it has lost its claim
      await expectOneEnd(operation, where);
    }
  },
);

function openWorld(client: World["client"]): World {
  return { client, store: createMemoryStore(withoutTrouble, 0), results: [] };
}

/** One final result, the same each time it was sent, which is true. */
async function expectOneEnd({ results, expectDone }: Operation, where: string): Promise<void> {
  const final = new Set(results.filter((text) => JSON.parse(text).final));
  expect([where, final.size]).toEqual([where, 1]);
  const [text = ""] = final;
  const result = readResult(text);
  expect([where, result.outcome]).toEqual([where, "succeeded"]);
  await expectDone(result);
}
