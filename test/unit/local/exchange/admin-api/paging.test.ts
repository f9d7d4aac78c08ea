import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type AppClient, createAppClient } from "#test/support/app-client";

const letters = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;

let exchange: LocalExchange;
let client: AppClient;
let groups: Map<string, DirectoryRecord>;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 0, groups: 0, seed: 1 }) });
  client = createAppClient(exchange);
});

beforeEach(() => {
  groups = new Map(letters.map((name) => [name, exchange.tenant.addGroup({ name, displayName: "same" })]));
});

afterEach(() => {
  exchange.faults.clear();
  for (const record of exchange.tenant.records) {
    if (record.recipientTypeDetails === "MailUniversalDistributionGroup") exchange.tenant.removeObject(record);
  }
});

afterAll(() => exchange.stop());

type Change = (position: number) => void;

const remove = (name: string) => exchange.tenant.removeObject(group(name));
const rename = (name: string, to: string) => exchange.tenant.renameUser(group(name), to);
const add = (name: string) => exchange.tenant.addGroup({ name, displayName: "same" });

const lists = [
  ["Get-DistributionGroup", readGroups({ ResultSize: "Unlimited" })],
  [
    "Get-DistributionGroup sorted by what all have alike",
    readGroups({ ResultSize: "Unlimited", SortBy: "DisplayName" }),
  ],
  ["Recipient", readRecipients],
] as const;

test.each(lists)("%s goes on where it was when objects are removed, read ones and unread ones", async (_, read) => {
  const pages = await read((place) => {
    if (place === 1) remove("a");
    if (place === 2) remove("d");
    if (place === 3) remove("h");
  });

  expect(pages).toEqual([["a", "b"], ["c", "d"], ["e", "f"], ["g"]]);
});

test.each(lists)("%s reads what is added ahead, and repeats nothing for what is added behind", async (_, read) => {
  const pages = await read((place) => {
    if (place === 1) add("a2");
    if (place === 2) add("g2");
  });

  expect(pages).toEqual([["a", "b"], ["c", "d"], ["e", "f"], ["g", "g2"], ["h"]]);
});

test.each(lists)("%s misses what is renamed from ahead to behind, and reads the opposite twice", async (_, read) => {
  const pages = await read((place) => {
    if (place === 1) rename("g", "a2");
    if (place === 2) rename("b", "h2");
  });

  expect(pages).toEqual([
    ["a", "b"],
    ["c", "d"],
    ["e", "f"],
    ["h", "h2"],
  ]);
});

test("goes on behind the place of the last object when that object is renamed", async () => {
  const pages = await readRecipients((place) => {
    if (place === 1) rename("b", "e2");
  });

  expect(pages).toEqual([["a", "b"], ["c", "d"], ["e", "e2"], ["f", "g"], ["h"]]);
});

test("goes by what the list is sorted by", async () => {
  for (const [place, name] of letters.entries()) {
    exchange.tenant.updateObject(group(name), { displayName: `shown ${9 - place}` });
  }

  const pages = await readGroups({ SortBy: "DisplayName" })((place) => {
    if (place === 1) remove("h");
    if (place === 2) exchange.tenant.updateObject(group("a"), { displayName: "shown 0" });
  });

  expect(pages).toEqual([["h", "g"], ["f", "e"], ["d", "c"], ["b"]]);
});

test("counts rows that were given, not places, towards ResultSize", async () => {
  const pages = await readGroups({ ResultSize: 5 })((place) => {
    if (place === 1) remove("a");
  });

  expect(pages).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

test("answers pages twice and the whole list in the end, while objects vanish", async () => {
  exchange.faults.add({ name: "repeat-page" });

  const pages = await readRecipients((place) => {
    if (place === 2) remove("a");
  });

  expect(pages).toEqual([
    ["a", "b"],
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
    ["e", "f"],
    ["e", "f"],
    ["g", "h"],
  ]);
});

test("answers an empty last page where all that was left is gone", async () => {
  const pages = await readRecipients((place) => {
    if (place === 3) for (const name of ["g", "h"]) remove(name);
  });

  expect(pages).toEqual([["a", "b"], ["c", "d"], ["e", "f"], []]);
});

function group(name: string): DirectoryRecord {
  const record = groups.get(name);
  if (!record) throw new Error(`There is no group ${name}.`);
  return record;
}

/** Reads by pages of two; `change` is called between two of them with the number of pages read. */
function readGroups(parameters: object) {
  return (change: Change) =>
    readPages(change, (link) =>
      client.invoke("Get-DistributionGroup", parameters, { ...(link ? { link } : {}), headers: pagesOfTwo }),
    );
}

function readRecipients(change: Change): Promise<string[][]> {
  const first = `${client.base}/Recipient?$select=Name&RecipientTypeDetails=MailUniversalDistributionGroup`;
  return readPages(change, (link) => client.send(link ?? first, { headers: pagesOfTwo }));
}

const pagesOfTwo = { prefer: "odata.maxpagesize=2" };

async function readPages(change: Change, ask: (link: string | undefined) => ReturnType<AppClient["send"]>) {
  const pages: string[][] = [];
  let link: string | undefined;
  do {
    if (pages.length > 0) change(pages.length);
    const { json } = await ask(link);
    pages.push(json.value.map((row: { Name: string }) => row.Name));
    link = json["@odata.nextLink"];
  } while (link !== undefined);
  return pages;
}
