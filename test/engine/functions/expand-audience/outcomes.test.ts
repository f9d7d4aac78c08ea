import { createHash, randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { DirectoryRecord, NewRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { audienceManifestSchema } from "#operations/expand-audience/audience";
import { type Changes, startChanges } from "#test/support/changes";
import type { AnyResult } from "#test/support/read-result";

let gateway: Changes;
let tenant: Tenant;
let count = 0;

beforeAll(async () => {
  tenant = generateTenant({ users: 5, groups: 2, seed: 12 });
  gateway = await startChanges({ tenant }, { functions: ["expand-audience"] });
});

afterEach(() => gateway.exchange.faults.clear());

afterAll(() => gateway.stop());

const person = (fields: Partial<NewRecord> = {}) => tenant.addUser({ name: newName("Person"), ...fields });
const list = (members: DirectoryRecord[], fields: Partial<NewRecord> = {}) => {
  const group = tenant.addGroup({ name: newName("List"), ...fields });
  for (const member of members) tenant.addMember(group, member);
  return group;
};
const expand = (fields: object) => gateway.request("expand-audience", fields);

test("writes everybody once, with the lists between, and a manifest that names it all", async () => {
  const [anna, ben, cyd] = [person({ displayName: "Anna Alt" }), person(), person()];
  const inner = list([ben, cyd], { displayName: "Inner" });
  const middle = list([inner, cyd]);
  const group = list([anna, middle], { displayName: "All" });

  const result = await expand({ group: group.primarySmtpAddress });

  expect(result).toMatchObject({
    action: "expand-audience",
    tenant: "contoso",
    final: true,
    outcome: "succeeded",
    error: null,
    userMessage: "All has 3 people and 2 lists.",
    group: { id: group.guid, name: "All", address: group.primarySmtpAddress },
    audience: {
      members: 5,
      byType: { UserMailbox: 3, MailUniversalDistributionGroup: 2 },
      groups: 3,
      complete: true,
      reason: null,
      pages: 1,
    },
  });
  const { manifest, lines } = readAudience(result);
  expect(lines).toHaveLength(5);
  expect(lines).toContainEqual({
    id: anna.guid,
    entraId: anna.externalDirectoryObjectId,
    name: anna.name,
    displayName: "Anna Alt",
    address: anna.primarySmtpAddress,
    type: "UserMailbox",
    path: [],
  });
  expect(lines).toContainEqual(expect.objectContaining({ id: cyd.guid, path: [middle.guid] }));
  expect(lines).toContainEqual(expect.objectContaining({ id: ben.guid, path: [middle.guid, inner.guid] }));
  expect(manifest).toMatchObject({
    operationId: result.operationId,
    group: { id: group.guid, name: "All" },
    source: "live",
    include: null,
    totals: { members: 5, rows: 5, groups: 3 },
    complete: true,
  });
  expect(manifest.groups.map(({ id, contains }) => [id, contains])).toEqual([
    [group.guid, [middle.guid]],
    [middle.guid, [inner.guid]],
    [inner.guid, []],
  ]);
  expect(manifest.groups.at(-1)).toMatchObject({ name: "Inner", address: inner.primarySmtpAddress });
  expect(manifest.readStartedAt <= manifest.readEndedAt).toBe(true);
});

test("tells of lists that contain each other, and goes round no circle", async () => {
  const [one, other] = [list([person()]), list([person()])];
  tenant.addMember(one, other);
  tenant.addMember(other, one);

  const result = await expand({ group: one.guid });

  expect(result).toMatchObject({ outcome: "succeeded", audience: { members: 3, complete: true } });
  expect(result.audience?.cycles).toMatchObject({ count: 1, first: [[{ id: one.guid }, { id: other.guid }]] });
});

test.each(["GroupMailbox", "DynamicDistributionGroup"] as const)(
  "names a %s inside, whose people are missing",
  async (type) => {
    const inner = list([], { recipientTypeDetails: type, displayName: "Team" });
    const group = list([person(), inner]);

    const result = await expand({ group: group.guid });

    expect(result).toMatchObject({
      outcome: "partial",
      audience: { complete: false, reason: "unexpanded", unexpanded: { count: 1, first: [{ id: inner.guid, type }] } },
    });
    expect(result.userMessage).toContain("cannot be listed");
    expect(readAudience(result).manifest.unexpanded).toMatchObject([{ id: inner.guid, foundIn: group.guid }]);
  },
);

test("writes the types that are asked for, and counts the others", async () => {
  const [anna, room] = [person(), person({ recipientTypeDetails: "RoomMailbox" })];
  const inner = list([room, anna]);
  const group = list([inner]);

  const result = await expand({ group: group.guid, include: ["UserMailbox"] });

  const { manifest, lines } = readAudience(result);
  expect(lines.map(({ id }) => id)).toEqual([anna.guid]);
  expect(manifest).toMatchObject({ include: ["UserMailbox"], totals: { members: 3, rows: 1 } });
  expect(result).toMatchObject({ outcome: "succeeded", audience: { members: 3 } });
});

test("counts in a dry run, writes nothing, and leaves the id for the request itself", async () => {
  const group = list([person(), list([person()])]);
  const operationId = randomUUID();

  const rehearsed = await expand({ operationId, group: group.guid, dryRun: true });
  const written = gateway.listKeys().filter((key) => key.includes(operationId));
  const result = await expand({ operationId, group: group.guid });

  expect(rehearsed).toMatchObject({ dryRun: true, outcome: "succeeded", audience: { members: 3, manifestKey: null } });
  expect(written).toEqual([]);
  expect(result).toMatchObject({ dryRun: false, outcome: "succeeded", audience: { members: 3 } });
});

test("finds nobody in an empty list", async () => {
  const group = list([], { displayName: "Empty" });

  const result = await expand({ group: group.guid });

  expect(result).toMatchObject({ outcome: "succeeded", userMessage: "Nobody is in Empty.", audience: { pages: 0 } });
  expect(readAudience(result).lines).toEqual([]);
});

test("needs nobody who asked for it", async () => {
  const result = await expand({ group: list([person()]).guid, requestedBy: undefined });

  expect(result).toMatchObject({ outcome: "succeeded", requestedBy: null });
});

test.each([
  ["nobody knows", () => "no-such-list@contoso.com", "OBJECT_NOT_FOUND", "no list with the address"],
  ["is a wildcard", () => "List*", "OBJECT_NOT_FOUND", "no list called"],
  ["is a team", () => list([], { recipientTypeDetails: "GroupMailbox" }).guid, "GROUP_TYPE_UNSUPPORTED", "a team"],
  [
    "is a dynamic list",
    () => list([], { recipientTypeDetails: "DynamicDistributionGroup" }).guid,
    "GROUP_TYPE_UNSUPPORTED",
    "follow from a rule. Its members cannot",
  ],
  ["is a person", () => person().guid, "GROUP_TYPE_UNSUPPORTED", "members cannot be listed here"],
])("rejects a group that %s, and says what to do", async (_, make, code, says) => {
  list([]);

  const result = await expand({ group: make() });

  expect(result).toMatchObject({ outcome: "rejected", error: { code }, audience: null });
  expect(result.userMessage).toContain(says);
});

test("rejects a display name that two lists share, and names them", async () => {
  const lists = [list([], { displayName: "Sales" }), list([], { displayName: "Sales" })];

  const result = await expand({ group: "Sales" });

  expect(result).toMatchObject({ outcome: "rejected", error: { code: "OBJECT_AMBIGUOUS" } });
  expect(result.candidates.map(({ address }) => address).sort()).toEqual(
    lists.map(({ primarySmtpAddress }) => primarySmtpAddress).sort(),
  );
});

test("sends the result of an operation again, byte for byte, and refuses another request under its id", async () => {
  const request = { operationId: randomUUID(), requestedAt: new Date().toISOString(), group: list([person()]).guid };

  await expand(request);
  const first = gateway.results.at(-1)?.text;
  const before = gateway.exchange.requests.length;
  await expand(request);
  const second = gateway.results.at(-1)?.text;
  await gateway.send("expand-audience", JSON.stringify({ ...request, include: ["MailUser"] }));
  const reused = await gateway.awaitResult((result) => result.operationId === request.operationId);

  expect(second).toBe(first);
  expect(gateway.exchange.requests.slice(before)).toEqual([]);
  expect(reused).toMatchObject({ final: false, outcome: "rejected", error: { code: "OPERATION_ID_REUSED" } });
});

test.each([["usermailbox"], ["Everybody"], []])("rejects %j as the types to include", async (...include) => {
  const result = await expand({ group: list([]).guid, include });

  expect(result).toMatchObject({ outcome: "rejected", error: { code: "EVENT_INVALID" }, attempts: 0 });
});

test("reads a list again that broke off, and each of the others once", async () => {
  const inner = list([person(), person()]);
  const group = list([inner, person()]);
  await expand({ group: list([]).guid }); // opens the session
  const before = gateway.exchange.requests.length;
  gateway.exchange.faults.add({ name: "reset", cmdlet: "Get-DistributionGroupMember", after: 1, times: 1 });

  const result = await expand({ group: group.guid });

  const asked = gateway.exchange.requests
    .slice(before)
    .filter(({ cmdlet }) => cmdlet === "Get-DistributionGroupMember")
    .map(({ parameters }) => parameters.Identity);
  expect(result).toMatchObject({ outcome: "succeeded", attempts: 1, audience: { members: 4 } });
  expect(asked).toEqual([group.guid, inner.guid, inner.guid]);
});

/** The manifest a result names, and every line of its pages, each as its hash says. */
function readAudience({ audience }: AnyResult) {
  const text = gateway.read(audience?.manifestKey ?? "");
  expect(sha256(text)).toBe(audience?.manifestSha256);
  const manifest = audienceManifestSchema.parse(JSON.parse(text.toString()));
  const lines = manifest.pages.flatMap((page) => {
    const body = gateway.read(page.key);
    expect([sha256(body), body.length]).toEqual([page.sha256, page.bytes]);
    const records = gunzipSync(body).toString().split("\n").filter(Boolean);
    expect(records).toHaveLength(page.rows);
    return records.map((line) => JSON.parse(line) as Record<string, unknown>);
  });
  return { manifest, lines };
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function newName(kind: string): string {
  count += 1;
  return `${kind} ${String(count).padStart(4, "0")}`;
}
