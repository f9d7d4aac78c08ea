import process from "node:process";
import { expect } from "vitest";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { audienceManifestSchema } from "#operations/expand-audience/audience";
import { ExchangeError } from "#runtime/errors";
import { createObjectStore } from "#storage/object-store";
import { readPages } from "#storage/pages";
import type { AnyResult } from "#test/support/read-result";
import { createTestClient } from "#test/support/storage";

type Sizes = { teams: number; people: number };

/** A list with teams in it, three in each, and people spread over them. */
export function addCompany(tenant: Tenant, sizes: Sizes) {
  const root = tenant.addGroup({ name: "Company" });
  const teams = Array.from({ length: sizes.teams }, (_, number) => tenant.addGroup({ name: `Team ${number}` }));
  const people = tenant.addUsers(Array.from({ length: sizes.people }, (_, number) => ({ name: `Person ${number}` })));
  for (const [place, team] of teams.entries()) tenant.addMember(teams[Math.floor(place / 3) - 1] ?? root, team);
  for (const [place, person] of people.entries()) tenant.addMember(teams[place % teams.length] ?? root, person);
  return { root, groups: teams.length + 1, everybody: [...teams, ...people].map(({ guid }) => guid).sort() };
}

/** The audience that a result names is everybody in the company, once each. */
export async function expectEverybody(
  { outcome, audience }: AnyResult,
  { everybody, groups }: Pick<ReturnType<typeof addCompany>, "everybody" | "groups">,
): Promise<void> {
  expect({ outcome, audience }).toMatchObject({
    outcome: "succeeded",
    audience: { members: everybody.length, groups },
  });
  const s3 = createTestClient(process.env.AWS_ENDPOINT_URL_S3 ?? "");
  const store = createObjectStore({ bucket: process.env.GATEWAY_BUCKET ?? "", s3 });
  const { body } = (await store.get(audience?.manifestKey ?? "")) ?? {};
  const { pages } = audienceManifestSchema.parse(JSON.parse(String(body)));
  const corrupt = (key: string, problem: string) => new ExchangeError("STORAGE_CORRUPT", `${key} ${problem}`);
  const ids = await Array.fromAsync(readPages(store, pages, { corrupt }), ({ id }) => id);
  s3.destroy();
  expect(ids.sort()).toEqual(everybody);
}
