import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { isDirectMember } from "#directory/membership";
import { resolveRecipient } from "#directory/recipients";
import { resolveGroup } from "#directory/resolve-group";
import { createExchangeClient, type ExchangeClient } from "#exchange/client";
import {
  addDistributionGroupMember,
  type NewGroupParameters,
  newDistributionGroup,
} from "#exchange/cmdlets/distribution-group";
import { parseCredential } from "#exchange/credential/credential";
import type { Fault } from "#local/exchange/faults";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { identityKeysOf } from "#local/exchange/tenant/identity-index";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { awkwardText } from "#test/support/awkward-text";
import { eventually } from "#test/support/eventually";
import { holdTime } from "#test/support/held-time";
import { runs } from "#test/support/runs";
import { seed } from "#test/support/seed";

const folder = mkdtempSync(join(tmpdir(), "group-changes-test-"));
const before = { ...process.env };

let exchange: LocalExchange;
let client: ExchangeClient;
let count = 0;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 5, groups: 2, seed: 4 }) });
  writeFileSync(join(folder, "ca.pem"), exchange.caCertificate);
  Object.assign(process.env, { HTTPS_PROXY: exchange.proxy, SSL_CERT_FILE: join(folder, "ca.pem") });
  client = createExchangeClient({
    powershellPath: process.env.TEST_POWERSHELL_PATH ?? "pwsh",
    modulePath: process.env.TEST_EXCHANGE_MODULE_PATH || null,
    environmentName: "O365Default",
    readCredential: async () => parseCredential(JSON.stringify(exchange.secret), "O365Default"),
    maxCalls: 100_000,
  });
});

afterEach(() => {
  exchange.faults.clear();
  exchange.tenant.groupNamingPolicy = undefined;
});

afterAll(async () => {
  await client.close();
  await exchange.stop();
  for (const name of ["HTTPS_PROXY", "SSL_CERT_FILE"]) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(folder, { recursive: true, force: true });
});

const limitMs = 100_000;
const options = () => ({ deadline: deadlineIn(limitMs) });

function newName(): string {
  count += 1;
  return `change-${String(count).padStart(4, "0")}`;
}

function create(parameters: Partial<NewGroupParameters> = {}) {
  const name = newName();
  return client.write(newDistributionGroup, { Name: name, Alias: name, ...parameters }, options());
}

function add(Identity: string, Member: string) {
  return client.write(addDistributionGroupMember, { Identity, Member }, options());
}

/** The code it fails with; of an outcome that is not known, the code of its cause. */
async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    return error.code === "OUTCOME_UNKNOWN" && error.cause instanceof ExchangeError ? error.cause.code : error.code;
  }
}

/** What was asked for meanwhile. */
async function requestsOf(work: () => Promise<unknown>) {
  const start = exchange.requests.length;
  await work();
  return exchange.requests.slice(start).filter(({ cmdlet }) => cmdlet !== undefined);
}

const isRefusedIdentity = (text: string) => /^[\s\u0085]*$/u.test(text);

test("hands any group and any member to Exchange unchanged, or refuses them", async () => {
  await fc.assert(
    fc.asyncProperty(awkwardText, awkwardText, async (group, member) => {
      let code: string | undefined;

      const requests = await requestsOf(async () => {
        code = await codeOf(add(group, member));
      });

      if (isRefusedIdentity(group) || isRefusedIdentity(member)) {
        expect([code, requests]).toEqual(["IDENTITY_INVALID", []]);
      } else {
        expect(["OBJECT_NOT_FOUND", "OBJECT_AMBIGUOUS", "ALREADY_MEMBER", undefined]).toContain(code);
        expect(requests).toMatchObject([
          {
            cmdlet: "Add-DistributionGroupMember",
            parameters: { Identity: group, Member: member, Confirm: false, BypassSecurityGroupManagerCheck: true },
          },
        ]);
      }
    }),
    { numRuns: runs(25, 250), seed: seed() },
  );
});

test("makes a group of any name as it is, or refuses it, and finds it and its members again", async () => {
  const [person] = exchange.tenant.addUsers([{ name: newName() }]);
  const member = { id: person?.guid ?? "", dn: await dnOf(person?.guid ?? "") };
  await fc.assert(
    fc.asyncProperty(awkwardText, async (Name) => {
      const Alias = newName();
      let code: string | undefined;
      const requests = await requestsOf(async () => {
        code = await codeOf(create({ Name, Alias, Notes: `of ${Name}`, Members: [person?.guid ?? ""] }));
      });
      expect(requests).toHaveLength(code === "PARAMETER_INVALID" ? 0 : 1);
      if (code === "PARAMETER_INVALID") return;

      expect(requests).toMatchObject([{ parameters: { Name, Alias, Notes: `of ${Name}` } }]);
      // Two names can differ in letter case alone, or be one that is there from the beginning.
      if (code === "NAME_IN_USE") return;

      const parent = newName();
      await create({ Name: parent, Members: [Alias] });
      const [inner, outer] = [await groupOf(Alias), await groupOf(parent)];
      expect(inner).toMatchObject({ name: Name, notes: `of ${Name}` });
      expect(await isDirectMember(client, inner, member, options())).toBe(true);
      expect(await isDirectMember(client, outer, inner, options())).toBe(true);
      expect(await isDirectMember(client, outer, member, options())).toBe(false);
    }),
    { numRuns: runs(8, 60), seed: seed() },
  );
});

test("resolves any text to what it identifies or to nothing, and never by a filter", async () => {
  const texts = fc.oneof(
    awkwardText,
    fc.constantFrom(...exchange.tenant.records.map(({ displayName }) => displayName)),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      fc.pre(!isRefusedIdentity(text));

      const requests = await requestsOf(async () => {
        const resolution = await resolveRecipient(client, text, options());
        if ("found" in resolution) expect(keysOf(resolution.found.id).map(plain)).toContain(plain(text));
      });

      for (const { parameters } of requests) {
        expect(plain(text)).toContain(plain(String(parameters.Identity).replace(/\*$/, "")));
        expect(parameters).not.toHaveProperty("$filter");
      }
    }),
    { numRuns: runs(15, 100), seed: seed() },
  );
});

/** A text as it is compared: what it was pasted with may have been taken off, and its apostrophe be another. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\s\u0085\p{Cf}]/gu, "")
    .replaceAll(/[‘’]/g, "'");
}

const lost: Fault["name"][] = ["nul-403", "reset", "malformed", "empty-error"];

test.each(lost)("calls the outcome of writes unknown that were done and answered with %s", async (name) => {
  const group = exchange.tenant.addGroup({ name: newName() });
  const user = exchange.tenant.addUser({ name: newName() });
  const Name = newName();
  exchange.faults.add({ name, isCarriedOut: true });

  const creating = create({ Name });
  await expect(creating).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  await expect(add(group.guid, user.guid)).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  exchange.faults.clear();

  expect(group.group?.members.has(user)).toBe(true);
  await expect(create({ Name })).rejects.toMatchObject({ code: "NAME_IN_USE" });
  await expect(add(group.guid, user.guid)).rejects.toMatchObject({ code: "ALREADY_MEMBER" });
});

test("calls the outcome of a write unknown whose deadline passes while the module repeats it", async () => {
  const Name = newName();
  exchange.faults.add({ name: "gateway-timeout", isCarriedOut: true });

  const asked = exchange.requests.length;
  const passTime = holdTime();

  const writing = create({ Name });
  const refusal = expect(writing).rejects.toMatchObject({
    code: "OUTCOME_UNKNOWN",
    cause: { code: "EXCHANGE_TRANSIENT" },
  });
  await eventually(() => exchange.requests.length >= asked + 2);
  await passTime(limitMs);
  await refusal;

  expect(exchange.tenant.records.some(({ name }) => name === Name)).toBe(true);
});

test("shows a conflict where the module has repeated a write that was done", async () => {
  const group = exchange.tenant.addGroup({ name: newName() });
  const user = exchange.tenant.addUser({ name: newName() });
  exchange.faults.add({ name: "gateway-timeout", isCarriedOut: true, times: 1, cmdlet: "Add-DistributionGroupMember" });

  await expect(add(group.guid, user.guid)).rejects.toMatchObject({ code: "ALREADY_MEMBER" });

  expect(group.group?.members.has(user)).toBe(true);
});

test("keeps the codes of what Exchange refuses", async () => {
  const { tenant } = exchange;
  const [taken, synced, unified, user] = [
    tenant.addGroup({ name: newName() }),
    tenant.addGroup({ name: newName(), isDirSynced: true }),
    tenant.addGroup({ name: newName(), recipientTypeDetails: "GroupMailbox" }),
    tenant.addUser({ name: newName() }),
  ];
  tenant.groupNamingPolicy = { blockedWords: ["payroll"] };

  expect(await codeOf(create({ Name: taken.name }))).toBe("NAME_IN_USE");
  expect(await codeOf(create({ Alias: taken.alias }))).toBe("ADDRESS_IN_USE");
  expect(await codeOf(create({ PrimarySmtpAddress: user.primarySmtpAddress }))).toBe("ADDRESS_IN_USE");
  expect(await codeOf(create({ PrimarySmtpAddress: "sales@elsewhere.com" }))).toBe("DOMAIN_NOT_ACCEPTED");
  expect(await codeOf(create({ Name: "Payroll news" }))).toBe("VALUE_REFUSED");
  expect(await codeOf(create({ ManagedBy: ["nobody"] }))).toBe("OBJECT_NOT_FOUND");
  expect(await codeOf(add(synced.guid, user.guid))).toBe("MASTERED_ON_PREMISES");
  expect(await codeOf(add(unified.guid, user.guid))).toBe("GROUP_TYPE_UNSUPPORTED");
  expect(await codeOf(add(taken.guid, unified.guid))).toBe("GROUP_TYPE_UNSUPPORTED");
  expect(await codeOf(add("nobody", user.guid))).toBe("OBJECT_NOT_FOUND");
});

test("tells groups of other kinds, people and namesakes apart", async () => {
  const { tenant } = exchange;
  const synced = tenant.addGroup({ name: newName(), isDirSynced: true, group: { memberJoinRestriction: "Open" } });
  const unified = tenant.addGroup({ name: newName(), recipientTypeDetails: "GroupMailbox" });
  const namesake = tenant.addGroup({ name: newName(), displayName: synced.name });
  const person = tenant.addUser({ name: newName(), displayName: "Only Shown" });

  expect(await resolveGroup(client, synced.alias, options())).toMatchObject({ ambiguous: [{}, {}] });
  expect(await resolveGroup(client, synced.primarySmtpAddress.toUpperCase(), options())).toMatchObject({
    found: { id: synced.guid, isMasteredOnPremises: true, joinRestriction: "Open" },
  });
  expect(await resolveGroup(client, unified.name, options())).toMatchObject({
    found: { recipientType: "GroupMailbox" },
  });
  expect(await resolveGroup(client, person.alias, options())).toMatchObject({
    found: { recipientType: "UserMailbox" },
  });
  expect(await resolveRecipient(client, "only shown", options())).toMatchObject({
    suggested: { id: person.guid, name: "Only Shown", address: person.primarySmtpAddress, kind: "person" },
  });
  expect(await resolveRecipient(client, namesake.guid, options())).toMatchObject({ found: { id: namesake.guid } });
  expect(await resolveRecipient(client, "nobody@contoso.com", options())).toEqual({ notFound: true });
});

/** The texts that name an object in the tenant, in lower case. */
function keysOf(id: string): string[] {
  const records = exchange.tenant.records.filter(({ guid }) => guid.toLowerCase() === id);
  return records
    .flatMap((record) => [...identityKeysOf(record), record.name, record.alias])
    .map((key) => key.toLowerCase());
}

async function groupOf(identity: string) {
  const resolution = await resolveGroup(client, identity, options());
  if (!("found" in resolution)) throw new Error(`${identity} is ${JSON.stringify(resolution)}`);
  return resolution.found;
}

async function dnOf(identity: string): Promise<string> {
  const resolution = await resolveRecipient(client, identity, options());
  return "found" in resolution ? resolution.found.dn : "";
}
