import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addToTenant } from "#local/exchange/tenant/add-to-tenant";
import { generateTenant } from "#local/exchange/tenant/generate";
import { readTenantFile, type TenantFile } from "#local/exchange/tenant/tenant-file";
import { makeMemoryFolder } from "#test/support/memory-folder";

const file = join(makeMemoryFolder("tenant-file-"), "tenant.json");

function read(content: unknown): TenantFile {
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return readTenantFile(file);
}

function add(content: TenantFile) {
  const tenant = generateTenant({ users: 5, groups: 2, seed: 41 });
  return { tenant, added: addToTenant(tenant, read(content)) };
}

test("gives objects what Exchange would give them where the file is silent", () => {
  const { tenant, added } = add({
    recipients: [
      { type: "UserMailbox", name: "anna" },
      { type: "SharedMailbox", name: "Infös R&D" },
      { type: "MailContact", name: "partner", primaryAddress: "partner@fabrikam.com" },
      { type: "GuestMailUser", name: "guest", primaryAddress: "guest@fabrikam.com" },
      { type: "UserMailbox", name: "newcomer", hasMailbox: false },
      { type: "User", name: "leaver", isDisabled: true },
      { type: "DisabledUser", name: "gone" },
    ],
    groups: [{ type: "MailUniversalSecurityGroup", name: "keys" }],
  });

  expect(added).toMatchObject([
    {
      name: "anna",
      displayName: "anna",
      alias: "anna",
      primarySmtpAddress: "anna@contoso.com",
      isAccountDisabled: false,
    },
    { alias: "InfösR&D", primarySmtpAddress: "InfoesR&D@contoso.com", isAccountDisabled: true },
    { externalEmailAddress: "SMTP:partner@fabrikam.com", userPrincipalName: "" },
    { userPrincipalName: `guest_fabrikam.com#EXT#@${tenant.domain}` },
    { recipientTypeDetails: "User", alias: "", primarySmtpAddress: "", userPrincipalName: "newcomer@contoso.com" },
    { recipientTypeDetails: "DisabledUser", isAccountDisabled: true },
    { recipientTypeDetails: "DisabledUser", isAccountDisabled: true },
    { group: { memberJoinRestriction: "Closed", memberDepartRestriction: "Closed", isMembershipHidden: false } },
  ]);
});

test("takes everything else from the file", () => {
  const { tenant, added } = add({
    recipients: [
      {
        ...{ type: "UserMailbox", name: "bo", displayName: "Bo", alias: "b", primaryAddress: "bo@contoso.com" },
        ...{
          addresses: ["old@contoso.com", "SIP:bo@contoso.com", "X500:/o=Old/cn=bo"],
          isHiddenFromAddressLists: true,
        },
        ...{ createdAt: "2026-01-31T12:00:00+01:00", isMasteredOnPremises: true, isDisabled: true },
      },
    ],
    groups: [
      { type: "DynamicDistributionGroup", name: "all", members: ["bo"], calculatedAt: "2026-01-31T12:00:00Z" },
      {
        ...{
          type: "MailUniversalDistributionGroup",
          name: "crew",
          members: ["BO", "all"],
          owners: ["sip:bo@contoso.com"],
        },
        ...{ isMembershipHidden: true, joinRestriction: "Open", departRestriction: "ApprovalRequired" },
      },
    ],
    namingPolicy: { prefix: "DL ", blockedWords: ["payroll"] },
  });

  const [bo, all, crew] = added;
  expect(bo).toMatchObject({
    ...{ displayName: "Bo", alias: "b", isHiddenFromAddressLists: true, isDirSynced: true, isAccountDisabled: true },
    otherAddresses: ["smtp:old@contoso.com", "SIP:bo@contoso.com", "X500:/o=Old/cn=bo"],
    whenCreatedMs: Date.UTC(2026, 0, 31, 11),
  });
  expect(all?.group).toMatchObject({ members: new Set([bo]), calculatedMs: Date.UTC(2026, 0, 31, 12) });
  expect(crew?.group).toMatchObject({
    ...{ members: new Set([bo, all]), managedBy: [bo], isMembershipHidden: true },
    ...{ memberJoinRestriction: "Open", memberDepartRestriction: "ApprovalRequired" },
  });
  expect(tenant.groupNamingPolicy).toEqual({ prefix: "DL ", blockedWords: ["payroll"] });
});

test("means by a name the object that has it, not one that is only called so", () => {
  const { added } = add({
    recipients: [{ type: "UserMailbox", name: "Budget" }],
    groups: [{ type: "RoomList", name: "crew", displayName: "Budget", members: ["budget"] }],
  });

  expect(added[1]?.group?.members).toEqual(new Set([added[0]]));
});

test.each([
  ["what is no JSON", "{", /cannot be read: .*JSON/],
  ["an unknown type", { recipients: [{ type: "Martian", name: "x" }] }, /at recipients\[0\]\.type/],
  ["an unknown field", { people: [] }, /Unrecognized key: "people"/],
  [
    "a mailbox where there is none",
    { recipients: [{ type: "MailContact", name: "x", hasMailbox: true }] },
    /contradicts/,
  ],
  [
    "a time of a list of another kind",
    group({ calculatedAt: "2026-01-31T12:00:00Z" }),
    /DynamicDistributionGroup alone/,
  ],
  [
    "a security group that is open",
    group({ type: "MailUniversalSecurityGroup", joinRestriction: "Open" }),
    /security group/,
  ],
  ["what is no cmdlet", { rights: { withoutCmdlets: ["everything"] } }, /no cmdlet's name/],
])("refuses %s, and says where it stands", (_, content, message) => {
  expect(() => read(content)).toThrow(message);
});

test.each([
  ["a member who is not there", group({ members: ["nobody"] }), /Nothing in the tenant is called "nobody"/],
  [
    "an owner who is not clear",
    { recipients: [called("a"), called("b")], ...group({ owners: ["Twin"] }) },
    /"Twin" fits "a" and "b"/,
  ],
  ["a name that is taken", group({ name: "all employees" }), /"all employees" of "all employees" is taken by/],
  [
    "an address that is taken",
    { recipients: [{ type: "UserMailbox", name: "c" }], ...group({ addresses: ["C@contoso.com"] }) },
    /"c@contoso.com" of "crew" is taken by "c"/,
  ],
])("refuses %s", (_, content, message) => {
  expect(() => add(content as TenantFile)).toThrow(message);
});

test("says of a file that is not there", () => {
  expect(() => readTenantFile("/no/such/file.json")).toThrow(/\/no\/such\/file\.json cannot be read: ENOENT/);
});

test("takes the example of docs/commands.md", () => {
  const docs = readFileSync("docs/commands.md", "utf8");
  const [, example = ""] = /```json\n(\{\n {2}"recipients".+?)```/s.exec(docs) ?? [];

  const { added } = add(JSON.parse(example));

  expect(added.map(({ name }) => name)).toEqual(["anna", "partner", "crew", "everybody"]);
});

function group(fields: object) {
  return { groups: [{ type: "MailUniversalDistributionGroup", name: "crew", ...fields }] };
}

function called(name: string) {
  return { type: "UserMailbox", name, displayName: "Twin" };
}
