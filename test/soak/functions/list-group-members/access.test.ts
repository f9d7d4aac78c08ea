import { afterAll, beforeAll, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type Gateway, startGateway } from "#test/support/gateway";
import { addCompany, addPerson } from "#test/support/populate";

const tenant = generateTenant({ users: 5, groups: 1, seed: 31 });
const { company, regions, teams, people } = addCompany(tenant, { people: 100_000, regions: 20, teams: 380 });

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({ tenant });
});

afterAll(() => gateway.stop());

test("finds one of 100,000 people in nested lists by a query a level, and lists nobody", async () => {
  const number = 77_777;

  const answer = await gateway.listGroupMembers({ group: company.guid, member: people[number]?.guid });

  const [region, team] = [regions[(number % teams.length) % regions.length], teams[number % teams.length]];
  expect(answer).toMatchObject({ isMember: true, how: "nested", path: [{ id: region?.guid }, { id: team?.guid }] });
  expect(requestsOf("Get-DistributionGroup")).toBe(3);
  expect(requestsOf("Get-DistributionGroupMember")).toBe(0);
});

test("says no of a stranger", async () => {
  const stranger = addPerson(tenant);

  const answer = await gateway.listGroupMembers({ group: company.guid, member: stranger.guid });

  expect(answer).toMatchObject({ isMember: false, how: null, path: [] });
});

function requestsOf(name: string): number {
  return gateway.exchange.requests.filter(({ cmdlet }) => cmdlet === name).length;
}
