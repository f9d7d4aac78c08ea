import { createHash } from "node:crypto";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { DirectoryRecord, NewRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { listGroupMembersAnswerSchema, memberListSchema, storedMemberListSchema } from "#lookups/list-group-members";
import { logger } from "#runtime/telemetry";
import { eventually } from "#test/support/eventually";
import { type Gateway, startGateway } from "#test/support/gateway";
import { holdTime } from "#test/support/held-time";
import { onlyChild } from "#test/support/only-child";
import { addList, addPerson } from "#test/support/populate";

let gateway: Gateway;
let tenant: Tenant;

beforeAll(async () => {
  tenant = generateTenant({ users: 5, groups: 1, seed: 32 });
  gateway = await startGateway({ tenant });
});

afterEach(() => gateway.exchange.faults.clear());

afterAll(() => gateway.stop());

const person = (fields: Partial<NewRecord> = {}) => addPerson(tenant, fields);
const list = (members: readonly DirectoryRecord[], fields: Partial<NewRecord> = {}) => addList(tenant, members, fields);

const limitMs = 60_000;

/** Begins to count, and waits until so many lists have been asked for their members. */
function countListings() {
  const listings = () => gateway.exchange.requests.filter(({ cmdlet }) => cmdlet === "Get-DistributionGroupMember");
  const before = listings().length;
  return { reach: (count: number) => eventually(() => listings().length >= before + count) };
}

const ask = async (event: object, limitMs?: number) =>
  memberListSchema.parse(await gateway.listGroupMembers(event, limitMs));

test("lists who is in a list itself, a list in it as one member", async () => {
  const anna = person({ displayName: "Anna Alt" });
  const inner = list([person()], { displayName: "Inner" });
  const crew = list([anna, inner], { displayName: "Crew" });
  const before = new Date().toISOString();

  const answer = await ask({ group: crew.primarySmtpAddress });

  expect(answer).toMatchObject({
    status: "found",
    group: { id: crew.guid, name: "Crew", address: crew.primarySmtpAddress, type: "MailUniversalDistributionGroup" },
    scope: "direct",
    count: 2,
    complete: true,
    reason: null,
    cycles: [],
    unexpanded: [],
    unresolved: { count: 0, first: [] },
    userMessage: "Crew has 1 person and 1 list.",
    source: "live",
  });
  expect(answer.members).toHaveLength(2);
  expect(answer.members).toContainEqual({
    id: anna.guid,
    name: "Anna Alt",
    address: anna.primarySmtpAddress,
    type: "UserMailbox",
  });
  expect(answer.asOf >= before && answer.asOf <= new Date().toISOString()).toBe(true);
});

test("lists everybody once with a shortest way, and the rings there are", async () => {
  const [bo, cyd] = [person(), person()];
  const inner = list([bo, cyd], { displayName: "Inner" });
  const middle = list([inner, cyd], { displayName: "Middle" });
  const crew = list([middle], { displayName: "Crew" });
  tenant.addMember(inner, crew);

  const answer = await ask({ group: crew.guid, scope: "all" });

  const paths = Object.fromEntries(answer.members.map(({ id, path }) => [id, path?.map(({ name }) => name)]));
  expect(paths).toEqual({
    [middle.guid]: [],
    [inner.guid]: ["Middle"],
    [cyd.guid]: ["Middle"],
    [bo.guid]: ["Middle", "Inner"],
  });
  expect(answer).toMatchObject({ count: 4, complete: true, userMessage: "Crew has 2 people and 2 lists." });
  expect(answer.cycles).toHaveLength(1);
  expect(answer.cycles[0]?.map(({ id }) => id).sort()).toEqual([crew.guid, middle.guid, inner.guid].sort());
});

test("names a team inside whose people are missing, and calls it incomplete", async () => {
  const team = list([], { recipientTypeDetails: "GroupMailbox", displayName: "Team Blue" });
  const crew = list([person(), team], { displayName: "Crew" });

  const answers = [await ask({ group: crew.guid, scope: "all" }), await ask({ group: crew.guid })];

  expect(answers).toMatchObject([
    { complete: false, reason: "unexpanded", unexpanded: [{ id: team.guid, name: "Team Blue", foundIn: crew.guid }] },
    { complete: true, reason: null, unexpanded: [] },
  ]);
  expect(answers[0]?.userMessage).toMatch(/who is in them is missing: 1\.$/);
});

test("says that nobody is in an empty list", async () => {
  const crew = list([], { displayName: "Crew" });

  const answer = await ask({ group: crew.guid, scope: "all" });

  expect(answer).toMatchObject({ count: 0, members: [], complete: true, userMessage: "Nobody is in Crew." });
});

test.each([
  { scope: "direct", limit: 2, complete: false },
  { scope: "direct", limit: 3, complete: true },
  { scope: "all", limit: 4, complete: false },
  { scope: "all", limit: 5, complete: true },
])("tells with limit $limit of scope $scope whether there are more", async ({ scope, limit, complete }) => {
  const inner = list([person(), person()]);
  const crew = list([person(), person(), inner], { displayName: "Crew" });

  const answer = await ask({ group: crew.guid, scope, limit });

  expect(answer).toMatchObject({ count: limit, complete, reason: complete ? null : "limit" });
  expect(answer.members).toHaveLength(limit);
  if (!complete) expect(answer.userMessage).toBe(`Crew has more members than the ${limit} listed here.`);
});

test("takes a pattern for no identity, and what looks like an address for nothing that is only called so", async () => {
  const crew = list([person({ displayName: "Henrik" })]);
  const called = list([person()], { name: "payroll@contoso.com", displayName: "payroll@contoso.com" });

  const answers = [
    await gateway.listGroupMembers({ group: "*" }),
    await gateway.listGroupMembers({ group: crew.guid, member: "hen*" }),
    await gateway.listGroupMembers({ group: called.name }),
    await gateway.findGroupOwners({ group: called.name }),
  ];

  expect(answers).toEqual(answers.map(() => expect.objectContaining({ status: "notFound", candidates: [] })));
});

test("reads no more of a large list than tells that there are more", async () => {
  const many = tenant.addUsers(Array.from({ length: 1_200 }, (_, index) => ({ name: `many-${index}` })));
  const crew = list([...many]);
  const before = gateway.exchange.requests.length;

  await ask({ group: crew.guid, limit: 10 });

  const asked = gateway.exchange.requests
    .slice(before)
    .filter(({ cmdlet }) => cmdlet === "Get-DistributionGroupMember");
  expect(asked.map(({ parameters }) => parameters.ResultSize)).toEqual([12]);
});

test("tells those that were found when the time is over", async () => {
  const inner = list([person()]);
  const crew = list([person(), inner], { displayName: "Crew" });
  await ask({ group: crew.guid });
  gateway.exchange.faults.add({ name: "hang", cmdlet: "Get-DistributionGroupMember", after: 1 });

  const passTime = holdTime();
  const listings = countListings();
  const asking = ask({ group: crew.guid, scope: "all" }, limitMs);
  await listings.reach(2);
  await passTime(limitMs, asking);
  const answer = await asking;

  expect(answer).toMatchObject({ count: 2, complete: false, reason: "deadline" });
  expect(answer.userMessage).toBe("Crew has 1 person and 1 list. There was no time to read every list in it.");
});

test("throws where the time is over before anybody was found", async () => {
  const crew = list([person()]);
  await ask({ group: crew.guid });
  gateway.exchange.faults.add({ name: "hang", cmdlet: "Get-DistributionGroupMember" });

  const passTime = holdTime();
  const listings = countListings();
  const refusal = expect(gateway.listGroupMembers({ group: crew.guid }, limitMs)).rejects.toMatchObject({
    code: "DEADLINE_TOO_CLOSE",
    retryable: true,
  });
  await listings.reach(1);
  await passTime(limitMs, refusal);

  await refusal;
});

test("answers from a fresh session when PowerShell was killed between two questions", async () => {
  const crew = list([person()]);
  await ask({ group: crew.guid });
  process.kill(onlyChild(), "SIGKILL");

  const answer = await ask({ group: crew.guid });

  expect(answer).toMatchObject({ count: 1, complete: true });
});

test("asks once more when the connection was reset", async () => {
  const crew = list([person()]);
  gateway.exchange.faults.add({ name: "reset", cmdlet: "Get-DistributionGroupMember", times: 1 });

  const answer = await ask({ group: crew.guid });

  expect(answer).toMatchObject({ count: 1, complete: true });
});

test("logs ids and counts, and nobody's name or address", async () => {
  const crew = list([person({ displayName: "Anna Alt", alias: "anna.alt" })], { displayName: "Crew" });
  const events = [{ group: crew.guid }, { group: crew.guid, member: "Anna Alt" }, { group: "Crew" }];
  const info = vi.spyOn(logger, "info");

  for (const event of events) await gateway.listGroupMembers(event);
  await gateway.findGroupOwners({ group: crew.guid });
  const log = JSON.stringify(info.mock.calls);
  info.mockRestore();

  expect(log.match(/"Invocation ended"/g)).toHaveLength(4);
  expect(log).toContain(`"groupId":"${crew.guid}"`);
  expect(log).not.toMatch(/anna.alt|crew/i);
});

test("puts an answer that Lambda would not pass on into the bucket, and says where it lies", async () => {
  const long = "x".repeat(2_600);
  const fields = Array.from({ length: 2_200 }, (_, index) => ({
    name: `long-${index}`,
    displayName: `${long}${index}`,
  }));
  const crew = list([...tenant.addUsers(fields)], { displayName: "Crew" });

  const answer = storedMemberListSchema.parse(await gateway.listGroupMembers({ group: crew.guid }));

  const stored = gateway.read(answer.membersKey);
  const { members, ...rest } = memberListSchema.parse(JSON.parse(gunzipSync(stored).toString()));
  const { membersKey, membersBytes, membersSha256, ...same } = answer;
  expect(membersKey).toMatch(/^answers\/list-group-members\/\d{4}\/\d\d\/\d\d\/[0-9a-f-]{36}\.json\.gz$/);
  expect([membersBytes, membersSha256]).toEqual([stored.length, createHash("sha256").update(stored).digest("hex")]);
  expect(rest).toEqual(same);
  expect([members.length, answer.count]).toEqual([2_200, 2_200]);
});

test.each([
  { group: "no-such-list", status: "notFound", userMessage: /knows no list called "no-such-list"/ },
  { group: "Twin List", status: "ambiguous", userMessage: /^"Twin List" fits several lists/ },
])("answers $status, and what to do", async ({ group, status, userMessage }) => {
  if (tenant.find("Twin List", () => true).length === 0) {
    for (let index = 0; index < 2; index += 1) list([], { displayName: "Twin List" });
  }

  const answer = listGroupMembersAnswerSchema.parse(await gateway.listGroupMembers({ group }));

  expect(answer).toMatchObject({ status, about: "group", userMessage: expect.stringMatching(userMessage) });
  expect("candidates" in answer && answer.candidates.length).toBe(status === "ambiguous" ? 2 : 0);
});

test.each(["GroupMailbox", "DynamicDistributionGroup"] as const)("does not list a %s", async (type) => {
  const team = list([], { recipientTypeDetails: type, displayName: "Team Blue" });

  const answer = listGroupMembersAnswerSchema.parse(await gateway.listGroupMembers({ group: team.guid }));

  expect(answer).toMatchObject({ status: "unsupported", group: { id: team.guid } });
  expect(answer.userMessage).toMatch(/^Team Blue is a .*Its members cannot be listed here\.$/);
});

test.each([{ group: "" }, { group: "a", limit: 0 }, { group: "a", scope: "some" }, { group: "a", who: "b" }, {}])(
  "refuses the event %j",
  async (event) => {
    await expect(gateway.listGroupMembers(event)).rejects.toMatchObject({ code: "EVENT_INVALID" });
  },
);
