import { beforeEach, expect, test } from "vitest";
import { newDistributionGroup } from "#local/exchange/cmdlets/new-distribution-group";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { faultOf, type Given, show } from "#test/unit/local/exchange/cmdlets/cmdlet-runs";

let tenant: Tenant;

beforeEach(() => {
  tenant = generateTenant({ users: 0, groups: 0, seed: 1 });
});

const make = (given: Given) => show(newDistributionGroup, tenant, { Name: "Sales", ...given })[0];
const fault = (given: Given) => faultOf(newDistributionGroup, tenant, { Name: "Sales", ...given });
const named = (name: string) => tenant.records.filter((record) => record.name === name);

test("makes a group of a name alone, as Exchange does", () => {
  const nowMs = Date.UTC(2026, 1, 3, 4, 5, 6, 789);

  const [object] = newDistributionGroup.run(tenant, { Name: "Sales Team" }, nowMs);

  const [group] = named("Sales Team");
  expect(object?.typeNames[0]).toMatch(/\.DistributionGroup$/);
  expect(object?.properties).toMatchObject({
    Name: "Sales Team",
    DisplayName: "Sales Team",
    Alias: "SalesTeam",
    PrimarySmtpAddress: "SalesTeam@contoso.com",
    EmailAddresses: { list: ["SMTP:SalesTeam@contoso.com", `smtp:SalesTeam@${tenant.domain}`] },
    GroupType: { enum: "Universal" },
    RecipientTypeDetails: { enum: "MailUniversalDistributionGroup" },
    ManagedBy: { list: ["Organization Management"] },
    MemberJoinRestriction: { enum: "Closed" },
    MemberDepartRestriction: { enum: "Open" },
    RequireSenderAuthenticationEnabled: true,
    ModerationEnabled: false,
    IsDirSynced: false,
    WhenCreatedUTC: { dateTime: "2026-02-03T04:05:06Z" },
    WhenChangedUTC: { dateTime: "2026-02-03T04:05:06Z" },
    Guid: { guid: group?.guid },
  });
  expect(group?.group?.members.size).toBe(0);
});

test("makes a group as every parameter says", () => {
  tenant.addUsers([{ name: "owner" }, { name: "member" }, { name: "moderator", recipientTypeDetails: "MailContact" }]);

  const properties = make({
    Name: "Sales",
    Alias: "sales-1",
    DisplayName: "All of Sales",
    Description: "Mail to Sales, and more",
    Notes: "noted",
    ManagedBy: ["owner"],
    Members: ["member"],
    CopyOwnerToMember: true,
    Type: "distribution",
    PrimarySmtpAddress: "s@contoso.com",
    MemberJoinRestriction: "ApprovalRequired",
    MemberDepartRestriction: "closed",
    RequireSenderAuthenticationEnabled: false,
    ModerationEnabled: true,
    ModeratedBy: "moderator",
    HiddenGroupMembershipEnabled: true,
    BccBlocked: true,
    Confirm: false,
  });

  expect(properties).toMatchObject({
    Alias: "sales-1",
    DisplayName: "All of Sales",
    Description: { list: ["Mail to Sales, and more"] },
    ManagedBy: { list: ["owner"] },
    EmailAddresses: { list: ["SMTP:s@contoso.com", `smtp:sales-1@${tenant.domain}`] },
    MemberJoinRestriction: { enum: "ApprovalRequired" },
    MemberDepartRestriction: { enum: "Closed" },
    RequireSenderAuthenticationEnabled: false,
    ModerationEnabled: true,
    ModeratedBy: { list: ["moderator"] },
    HiddenGroupMembershipEnabled: true,
    BccBlocked: true,
  });
  const [group] = named("Sales");
  expect([...(group?.group?.members ?? [])].map(({ name }) => name)).toEqual(["member", "owner"]);
  expect(group?.notes).toBe("noted");
});

test.each([
  [{ Type: "Security" }, "MailUniversalSecurityGroup"],
  [{ RoomList: true }, "RoomList"],
])("makes of %j a %s", (given, type) => {
  expect(make(given)).toMatchObject({ RecipientTypeDetails: { enum: type } });
});

test("closes security groups unless told, and opens none", () => {
  expect(make({ Type: "Security" })).toMatchObject({
    MemberJoinRestriction: { enum: "Closed" },
    MemberDepartRestriction: { enum: "Closed" },
  });
  for (const parameter of ["MemberJoinRestriction", "MemberDepartRestriction"]) {
    expect(fault({ Name: "b", Type: "Security", [parameter]: "Open" }).exceptionType).toBe("RecipientTaskException");
  }
  expect(fault({ Name: "c", Type: "Security", ModerationEnabled: true }).exceptionType).toBe("RecipientTaskException");
});

test.each([
  ["R&D (EMEA)", "R&D?EMEA?", "R&D?EMEA?@contoso.com"],
  ["Qualität..1.", "Qualität.1", "Qualitaet.1@contoso.com"],
  ["团队", "??", "??@contoso.com"],
])("makes of the name %s the alias %s and the address %s", (name, alias, address) => {
  expect(make({ Name: name })).toMatchObject({ Alias: alias, PrimarySmtpAddress: address });
});

test("finds a free alias where none is asked for", () => {
  tenant.addUser({ name: "x", alias: "sales" });
  tenant.addUser({ name: "y", primarySmtpAddress: "sales1@contoso.com" });

  expect(make({ Name: "Sales" })).toMatchObject({ Alias: "Sales2" });
});

test("refuses a name that any recipient has, in any letter case", () => {
  tenant.addUser({ name: "sales" });

  expect(fault({})).toMatchObject({
    status: 400,
    id: "ExBF87FF",
    exceptionType: "NameNotAvailableException",
    text: 'The name "Sales" is already being used. Please try another name.',
  });
});

test("refuses a name that something without mail has", () => {
  tenant.addUser({ name: "Sales", recipientTypeDetails: "User" });

  expect(fault({})).toMatchObject({
    id: "Ex17CDAE",
    exceptionType: "ADObjectAlreadyExistsException",
    text: `Active Directory operation failed on ${tenant.serverName}. The object 'CN=Sales,OU=${tenant.domain},OU=Microsoft Exchange Hosted Organizations,DC=EURPR07A013,DC=PROD,DC=OUTLOOK,DC=COM' already exists.`,
  });
});

test.each([
  [{ PrimarySmtpAddress: "TAKEN@contoso.com" }, "SMTP:TAKEN@contoso.com"],
  [{ PrimarySmtpAddress: "second@contoso.com" }, "SMTP:second@contoso.com"],
  [{ Alias: "taken" }, "SMTP:taken@contoso.com"],
  [{ Alias: "elsewhere" }, "smtp:elsewhere@contoso1.onmicrosoft.com"],
  [{ Alias: "their-alias", PrimarySmtpAddress: "free@contoso.com" }, "smtp:their-alias@contoso1.onmicrosoft.com"],
])("refuses %j, because %s belongs to somebody", (given, address) => {
  tenant.addUser({
    name: "holder",
    alias: "their-alias",
    primarySmtpAddress: "taken@contoso.com",
    otherAddresses: ["smtp:second@contoso.com", "smtp:elsewhere@contoso1.onmicrosoft.com"],
  });

  expect(fault(given)).toMatchObject({
    id: "Ex1472D1",
    exceptionType: "ProxyAddressExistsException",
    text: `The proxy address "${address}" is already being used by the proxy addresses or LegacyExchangeDN of "holder". Please choose another proxy address.`,
  });
});

test.each([
  [{ Alias: "with blank" }, "ParameterBindingException", /^Cannot bind parameter 'Alias'.*isn't valid/],
  [{ Alias: ".dot" }, "ParameterBindingException", /isn't valid/],
  [{ Alias: "a".repeat(65) }, "ParameterBindingException", /isn't valid/],
  [{ Name: "n".repeat(65) }, "ParameterBindingException", /The maximum length is 64 .* provided is 65/],
  [{ DisplayName: "n".repeat(257) }, "ParameterBindingException", /The maximum length is 256/],
  [{ PrimarySmtpAddress: "no address" }, "ParameterBindingException", /^Cannot bind parameter 'PrimarySmtpAddress'/],
  [{ PrimarySmtpAddress: "a@fabrikam.com" }, "NotAcceptedDomainException", /not an accepted domain/],
  [{ Type: "Team" }, "ParameterBindingArgumentTransformationException", /Distribution, Security/],
  [{ MemberJoinRestriction: "Maybe" }, "ParameterBindingArgumentTransformationException", /Open, Closed/],
  [{ ModerationEnabled: "true" }, "ParameterBindingException", /'System.Boolean'/],
  [{ BccBlocked: null }, "ParameterBindingException", /'System.Boolean'/],
  [{ Members: ["a", ""] }, "ParameterBindingValidationException", /'Members'/],
  [{ Name: "" }, "ParameterBindingValidationException", /'Name'/],
  [{ Owner: "a" }, "AmbiguousParameterSetException", /Parameter set cannot be resolved/],
])("refuses %j", (given, exceptionType, text) => {
  expect(fault(given)).toMatchObject({ status: 400, exceptionType, text: expect.stringMatching(text) });
  expect(named("Sales")).toEqual([]);
});

test.each(["ManagedBy", "Members", "ModeratedBy"])("says whom of %s it could not find or tell apart", (parameter) => {
  tenant.addUsers([{ name: "a" }, { name: "x", displayName: "Twin" }, { name: "y", displayName: "Twin" }]);

  expect(fault({ [parameter]: ["a", "nobody"] })).toMatchObject({ status: 404, id: "Ex94914C" });
  expect(fault({ [parameter]: ["Twin"] })).toMatchObject({ status: 400, id: "Ex8155FB" });
  expect(named("Sales")).toEqual([]);
});

test("takes a name with commas for one name", () => {
  tenant.addUser({ name: "Ott, Anna" });

  expect(make({ ManagedBy: "Ott, Anna" })).toMatchObject({ ManagedBy: { list: ["Ott, Anna"] } });
});

test("takes mailboxes, mail users and security groups as owners, and no others", () => {
  tenant.addUser({ name: "guest", recipientTypeDetails: "GuestMailUser" });
  tenant.addGroup({ name: "secure", recipientTypeDetails: "MailUniversalSecurityGroup" });
  tenant.addGroup({ name: "list" });
  tenant.addUser({ name: "contact", recipientTypeDetails: "MailContact" });

  expect(make({ ManagedBy: ["guest", "secure"] })).toMatchObject({ ManagedBy: { list: ["guest", "secure"] } });
  for (const owner of ["list", "contact"]) expect(fault({ Name: "b", ManagedBy: [owner] }).id).toBe("Ex94914C");
});

test("names groups by the policy, but leaves the alias as asked", () => {
  tenant.groupNamingPolicy = { prefix: "DG_", suffix: "_Users" };

  expect(make({ Name: "Sales", Alias: "sales", DisplayName: "All Sales" })).toMatchObject({
    Name: "DG_Sales_Users",
    DisplayName: "DG_All Sales_Users",
    Alias: "sales",
    PrimarySmtpAddress: "sales@contoso.com",
  });
  expect(make({ Name: "Sales", Alias: "sales2", IgnoreNamingPolicy: true })).toMatchObject({ Name: "Sales" });
});

test("refuses names by the policy: blocked words, and those it makes too long or that are taken", () => {
  tenant.groupNamingPolicy = { prefix: "DG_", blockedWords: ["CEO"] };
  tenant.addGroup({ name: "DG_Sales" });

  expect(fault({ Name: "the ceo's friends" }).exceptionType).toBe("DataValidationException");
  expect(fault({ Name: "x", DisplayName: "CEO" }).exceptionType).toBe("DataValidationException");
  expect(fault({ Name: "n".repeat(62) }).exceptionType).toBe("DataValidationException");
  expect(fault({ Name: "Sales" })).toMatchObject({
    text: 'The name "DG_Sales" is already being used. Please try another name.',
  });
  expect(make({ Name: "CEO", IgnoreNamingPolicy: true })).toMatchObject({ Name: "CEO" });
});

test("checks everything and makes nothing with WhatIf", () => {
  tenant.addUser({ name: "taken" });

  expect(newDistributionGroup.run(tenant, { Name: "Sales", WhatIf: true })).toEqual([]);
  expect(named("Sales")).toEqual([]);
  expect(fault({ Name: "taken", WhatIf: true }).id).toBe("ExBF87FF");
});
