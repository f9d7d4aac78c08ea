import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { DirectoryRecord, NewRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { listGroupMembersAnswerSchema } from "#lookups/list-group-members";
import { type Gateway, startGateway } from "#test/support/gateway";
import { addCompany, addList, addPerson } from "#test/support/populate";

const teams = 38;

let gateway: Gateway;
let tenant: Tenant;
let company: DirectoryRecord;
let regions: DirectoryRecord[];
let seen = 0;

beforeAll(async () => {
  tenant = generateTenant({ users: 5, groups: 1, seed: 31 });
  ({ company, regions } = addCompany(tenant, { people: 1_000, regions: 20, teams }));
  gateway = await startGateway({ tenant });
  await check(company, company);
});

beforeEach(() => {
  seen = gateway.exchange.requests.length;
});

afterAll(() => gateway.stop());

const person = (fields: Partial<NewRecord> = {}) => addPerson(tenant, fields);
const list = (members: readonly DirectoryRecord[], fields: Partial<NewRecord> = {}) => addList(tenant, members, fields);

async function check(group: DirectoryRecord, member: DirectoryRecord) {
  const answer = await gateway.listGroupMembers({ group: group.guid, member: member.guid });
  return listGroupMembersAnswerSchema.parse(answer);
}

/** How often a cmdlet was called in this test. Climbing is all that calls Get-DistributionGroup here. */
const asked = (cmdlet: string) =>
  gateway.exchange.requests.slice(seen).filter((request) => request.cmdlet === cmdlet).length;
const climbs = () => asked("Get-DistributionGroup");

test("finds one of many people in nested lists by a query a level, and lists nobody", async () => {
  const employee = tenant.find("employee-777", () => true)[0] ?? company;

  const answer = await check(company, employee);

  const region = regions[(777 % teams) % regions.length];
  expect(answer).toMatchObject({
    status: "found",
    isMember: true,
    how: "nested",
    path: [{ id: region?.guid, name: region?.displayName }, { name: `Team ${777 % teams}` }],
    userMessage: `${employee.displayName} is in All Employees, through ${region?.displayName} and Team ${777 % teams}.`,
  });
  expect(climbs()).toBe(3);
  expect(asked("Get-DistributionGroupMember")).toBe(0);
});

test("says no of a stranger after the levels there are above them", async () => {
  const stranger = person({ displayName: "Sten Strange" });
  list([list([stranger])]);

  const answer = await check(company, stranger);

  expect(answer).toMatchObject({ isMember: false, how: null, path: [] });
  expect(answer.userMessage).toBe("Sten Strange is not in All Employees.");
  expect(climbs()).toBe(3);
});

test("takes a query for each 20 lists of a level", async () => {
  const busy = person();
  for (let index = 0; index < 41; index += 1) list([busy]);

  const answer = await check(company, busy);

  expect(answer).toMatchObject({ isMember: false });
  expect(climbs()).toBe(1 + 3);
});

test("finds a direct member by one query", async () => {
  const bo = person({ displayName: "Bo Berg" });
  const crew = list([bo], { displayName: "Crew" });

  const answer = await check(crew, bo);

  expect(answer).toMatchObject({ isMember: true, how: "direct", path: [], userMessage: "Bo Berg is in Crew." });
  expect(climbs()).toBe(1);
});

test("names one of several ways by one query more", async () => {
  const bo = person();
  const [left, right, aside] = [list([bo]), list([bo]), list([bo])];
  const crew = list([left, right]);

  const answer = await check(crew, bo);

  expect(answer).toMatchObject({ isMember: true, how: "nested", path: [{ id: expect.any(String) }] });
  expect([left.guid, right.guid]).toContain("path" in answer && answer.path[0]?.id);
  expect(aside.guid).not.toBe("path" in answer && answer.path[0]?.id);
  expect(climbs()).toBe(3);
});

test("comes to an end where lists contain each other", async () => {
  const bo = person();
  const [one, other] = [list([bo]), list([])];
  tenant.addMember(one, other);
  tenant.addMember(other, one);

  const answer = await check(company, bo);

  expect(answer).toMatchObject({ isMember: false });
  expect(climbs()).toBe(3);
});

test("finds a list in a list, and an account without mail in none", async () => {
  const account = person({ recipientTypeDetails: "User" });
  const inner = list([]);
  const outer = list([inner]);

  const answers = [await check(outer, inner), await check(outer, account), await check(inner, outer)];

  expect(answers).toMatchObject([{ isMember: true, how: "direct" }, { isMember: false }, { isMember: false }]);
});

test("finds somebody whose name has quotes and operators in it", async () => {
  const odd = person({ name: "O'Brien' -or Name -like '*" });
  const [crew, other] = [list([odd]), list([])];

  const answers = [await check(crew, odd), await check(other, odd)];

  expect(answers).toMatchObject([{ isMember: true }, { isMember: false }]);
});

test.each([
  { what: "a member that is nobody", event: { member: "nobody@contoso.com" }, status: "notFound", about: "member" },
  { what: "a group that is none", event: { group: "no-such-list" }, status: "notFound", about: "group" },
])("answers $status of $what", async ({ event, status, about }) => {
  const answer = await gateway.listGroupMembers({ group: company.guid, member: company.guid, ...event });

  expect(listGroupMembersAnswerSchema.parse(answer)).toMatchObject({ status, about, group: null, candidates: [] });
});

test.each(["member", "group"] as const)("asks whether the one %s is meant that is only called so", async (about) => {
  const called =
    about === "member" ? person({ displayName: "Only One Man" }) : list([], { displayName: "Only One List" });

  const event = { group: company.guid, member: company.guid, [about]: called.displayName };
  const answer = listGroupMembersAnswerSchema.parse(await gateway.listGroupMembers(event));

  expect(answer).toMatchObject({ status: "suggested", about, candidates: [{ id: called.guid }] });
  expect(answer.userMessage).toBe(`Do you mean ${called.displayName} (${called.primarySmtpAddress})?`);
});

test("suggests nobody who is hidden from the address lists", async () => {
  const seen = person({ displayName: "Twin Three" });
  person({ displayName: "Twin Three", isHiddenFromAddressLists: true });

  const answer = await gateway.listGroupMembers({ group: company.guid, member: "Twin Three" });

  expect(answer).toMatchObject({ status: "suggested", candidates: [{ address: seen.primarySmtpAddress }] });
});

test("answers with whom an ambiguous member may be", async () => {
  const twins = [person({ displayName: "Twin Two" }), person({ displayName: "Twin Two" })];

  const answer = await gateway.listGroupMembers({ group: company.guid, member: "Twin Two" });

  expect(answer).toMatchObject({ status: "ambiguous", about: "member" });
  expect("candidates" in answer && answer.candidates.map(({ address }) => address).sort()).toEqual(
    twins.map(({ primarySmtpAddress }) => primarySmtpAddress).sort(),
  );
});

test.each(["GroupMailbox", "DynamicDistributionGroup"] as const)("does not tell who is in a %s", async (type) => {
  const team = list([], { recipientTypeDetails: type, displayName: "Team Blue" });

  const answer = await check(team, company);

  expect(answer).toMatchObject({ status: "unsupported", about: "group", group: { id: team.guid, name: "Team Blue" } });
  expect(answer.userMessage).toMatch(/^Team Blue is a .*Who is in it cannot be told here\.$/);
});

test("refuses scope and limit beside a member", async () => {
  const event = { group: "a", member: "b", scope: "all" };

  await expect(gateway.listGroupMembers(event)).rejects.toMatchObject({ code: "EVENT_INVALID" });
});
