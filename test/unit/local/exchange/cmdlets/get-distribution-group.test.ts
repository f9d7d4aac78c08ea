import { beforeEach, expect, test } from "vitest";
import { toCliXml } from "#local/exchange/answer/clixml-answer";
import { toJsonValue } from "#local/exchange/answer/json-answer";
import { findServedCmdlet } from "#local/exchange/cmdlets/cmdlets";
import { getDistributionGroup } from "#local/exchange/cmdlets/get-distribution-group";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { distinguishedNameOf } from "#local/exchange/tenant/tenant-address";
import { faultOf, type Given, show } from "#test/unit/local/exchange/cmdlets/cmdlet-runs";

let tenant: Tenant;

beforeEach(() => {
  tenant = generateTenant({ users: 0, groups: 0, seed: 1 });
});

const groups = (given: Given) => show(getDistributionGroup, tenant, given);

const names = (given: Given) => groups(given).map(({ Name }) => Name);

const fault = (given: Given) => faultOf(getDistributionGroup, tenant, given);

const dn = (name: string) => distinguishedNameOf(tenant.address, name);

test("is found in any letter case", () => {
  expect(findServedCmdlet("get-distributionGROUP")).toBe(getDistributionGroup);
});

test("shows a group with the properties and types of the real cmdlet", () => {
  const owner = tenant.addUser({ name: "owner" });
  const group = tenant.addGroup({
    name: "Sales",
    primarySmtpAddress: "sales@contoso.com",
    otherAddresses: ["smtp:s@contoso.com"],
    customAttributes: { 2: "two" },
    isHiddenFromAddressLists: true,
    group: { managedBy: [owner], moderatedBy: [owner], moderationEnabled: true, description: ["Mail to Sales"] },
  });

  const [object] = getDistributionGroup.run(tenant, { Identity: "Sales" });

  expect(object?.typeNames[0]).toBe("Deserialized.Microsoft.Exchange.Data.Directory.Management.DistributionGroup");
  expect(object?.properties).toMatchObject({
    GroupType: { enum: "Universal" },
    SamAccountName: expect.stringMatching(/^\$[0-9A-F]{6}-[0-9A-F]{12}$/),
    IsDirSynced: false,
    ManagedBy: { list: ["owner"] },
    MemberJoinRestriction: { enum: "Closed" },
    MemberDepartRestriction: { enum: "Open" },
    Description: { list: ["Mail to Sales"] },
    Alias: "Sales",
    CustomAttribute2: "two",
    CustomAttribute10: "",
    DisplayName: "Sales",
    EmailAddresses: { list: ["SMTP:sales@contoso.com", "smtp:s@contoso.com"] },
    ExternalDirectoryObjectId: group.externalDirectoryObjectId,
    HiddenFromAddressListsEnabled: true,
    LegacyExchangeDN: expect.stringMatching(/-Sales$/),
    ModeratedBy: { list: ["owner"] },
    ModerationEnabled: true,
    PrimarySmtpAddress: "sales@contoso.com",
    RecipientType: { enum: "MailUniversalDistributionGroup" },
    RecipientTypeDetails: { enum: "MailUniversalDistributionGroup" },
    RequireSenderAuthenticationEnabled: true,
    WindowsEmailAddress: "sales@contoso.com",
    Guid: { guid: group.guid },
    ObjectClass: { list: ["top", "group"] },
  });
  expect(object?.properties).not.toHaveProperty("Members");
  expect(object?.properties).not.toHaveProperty("Notes");
});

test("is written in JSON and CLIXML", () => {
  const owner = tenant.addUser({ name: "R & D" });
  tenant.addGroup({
    name: "Sales",
    recipientTypeDetails: "MailUniversalSecurityGroup",
    group: { managedBy: [owner], memberJoinRestriction: "ApprovalRequired" },
  });

  const objects = getDistributionGroup.run(tenant, { Identity: "Sales" });

  expect(objects.map((object) => toJsonValue(object, ["GroupType", "ManagedBy", "MemberJoinRestriction"]))).toEqual([
    {
      GroupType: "Universal, SecurityEnabled",
      "ManagedBy@odata.type": "#Collection(String)",
      ManagedBy: ["R & D"],
      MemberJoinRestriction: "ApprovalRequired",
    },
  ]);
  expect(toCliXml(objects, ["GroupType", "ManagedBy"])).toMatch(
    /<S N="GroupType">Universal, SecurityEnabled<\/S><Obj N="ManagedBy".*<LST><S>R &amp; D<\/S><\/LST>/,
  );
});

test("ends each object as every directory object ends", () => {
  tenant.addGroup({ name: "Sales" });

  const [properties] = groups({ Identity: "Sales" });

  expect(Object.keys(properties ?? {}).slice(-17)).toEqual(
    "Identity Id IsValid ExchangeVersion Name DistinguishedName ObjectCategory ObjectClass WhenChanged WhenCreated WhenChangedUTC WhenCreatedUTC ExchangeObjectId OrganizationalUnitRoot OrganizationId Guid OriginatingServer".split(
      " ",
    ),
  );
});

test("shows owners' addresses and display names only where that is asked for", () => {
  const anna = tenant.addUser({ name: "4f1", displayName: "Anna Ott", primarySmtpAddress: "anna@contoso.com" });
  const gone = tenant.addUser({ name: "gone" });
  tenant.addGroup({ name: "Sales", group: { managedBy: [anna, gone] } });
  tenant.removeObject(gone);

  const [plain] = groups({ Identity: "Sales", IncludeManagedByWithDisplayNames: false });
  const [full] = groups({ Identity: "Sales", IncludeManagedByWithDisplayNames: true });

  expect(plain).toMatchObject({ ManagedBy: { list: ["4f1"] }, ManagedByWithDisplayName: { list: [] } });
  expect(full).toMatchObject({
    ManagedBy: { list: ["4f1"] },
    ManagedByWithDisplayName: { list: ["(anna@contoso.com, Anna Ott)"] },
  });
  expect(Object.keys(full ?? {})).toEqual(Object.keys(plain ?? {}));
});

test.each([
  ["MailUniversalDistributionGroup", "Universal"],
  ["MailUniversalSecurityGroup", "Universal, SecurityEnabled"],
  ["MailNonUniversalGroup", "Global"],
  ["RoomList", "Universal"],
] as const)("shows a %s as %s", (recipientTypeDetails, groupType) => {
  tenant.addGroup({ name: "g", recipientTypeDetails });

  expect(groups({ Identity: "g" })).toMatchObject([
    { RecipientTypeDetails: { enum: recipientTypeDetails }, GroupType: { enum: groupType } },
  ]);
});

test.each(["GroupMailbox", "DynamicDistributionGroup", "RoleGroup", "UserMailbox"] as const)(
  "does not find a %s, and does not list it",
  (recipientTypeDetails) => {
    tenant.addGroup({ name: "other", recipientTypeDetails });
    tenant.addGroup({ name: "Sales" });

    expect(fault({ Identity: "other" })).toMatchObject({
      status: 404,
      id: "Ex6F9304",
      text: `The operation couldn't be performed because object 'other' couldn't be found on '${tenant.serverName}'.`,
    });
    expect(names({})).toEqual(["Sales"]);
  },
);

test.each([null, ""])("answers every group where the identity is %j", (identity) => {
  tenant.addGroup({ name: "b" });
  tenant.addGroup({ name: "a" });

  expect(names({ Identity: identity })).toEqual(["a", "b"]);
});

test("finds a group by every id, address and name it has, and refuses one that two groups have", () => {
  const group = tenant.addGroup({ name: "Sales", alias: "s", primarySmtpAddress: "sales@contoso.com" });
  tenant.addGroup({ name: "Other", displayName: "Twice" });
  tenant.addGroup({ name: "Another", displayName: "Twice" });

  for (const identity of [group.guid, group.externalDirectoryObjectId, dn("Sales"), "s", "SALES@contoso.com", "sales"])
    expect(names({ Identity: identity }), identity).toEqual(["Sales"]);
  expect(fault({ Identity: "twice" })).toMatchObject({ id: "Ex9E65A2", status: 404 });
});

test("lists the types asked for, and refuses others", () => {
  tenant.addGroup({ name: "a" });
  tenant.addGroup({ name: "b", recipientTypeDetails: "RoomList" });

  expect(names({ RecipientTypeDetails: "roomlist" })).toEqual(["b"]);
  expect(fault({ RecipientTypeDetails: ["GroupMailbox"] })).toMatchObject({
    status: 400,
    text: expect.stringContaining('"GroupMailbox"'),
  });
});

test("lists the groups somebody owns, whoever of the directory that is", () => {
  const owner = tenant.addUser({ name: "owner" });
  const security = tenant.addGroup({ name: "owners", recipientTypeDetails: "MailUniversalSecurityGroup" });
  tenant.addGroup({ name: "a", group: { managedBy: [owner, security] } });
  tenant.addGroup({ name: "b", group: { managedBy: [security] } });
  tenant.addUsers([
    { name: "x", displayName: "Same" },
    { name: "y", displayName: "Same" },
  ]);

  expect(names({ ManagedBy: owner.primarySmtpAddress })).toEqual(["a"]);
  expect(names({ ManagedBy: dn("owners") })).toEqual(["a", "b"]);
  expect(fault({ ManagedBy: "nobody" })).toMatchObject({
    status: 404,
    id: "Ex94914C",
    exceptionType: "ManagementObjectNotFoundException",
    text: `Couldn't find object "nobody". Please make sure that it was spelled correctly or specify a different object.`,
  });
  expect(fault({ ManagedBy: "same" })).toMatchObject({ id: "Ex8155FB" });
  expect(fault({ ManagedBy: "owner", Identity: "a" }).exceptionType).toBe("AmbiguousParameterSetException");
});

test("sorts by alias and by display name", () => {
  tenant.addGroup({ name: "a", alias: "2", displayName: "Z" });
  tenant.addGroup({ name: "b", alias: "1", displayName: "y" });

  expect(names({ SortBy: "Alias" })).toEqual(["b", "a"]);
  expect(names({ SortBy: "displayname" })).toEqual(["b", "a"]);
  expect(fault({ SortBy: "ManagedBy" }).status).toBe(400);
});

test("answers an unknown parameter as an unknown parameter set", () => {
  expect(fault({ IsVIP: true }).exceptionType).toBe("AmbiguousParameterSetException");
});

test.each([
  ["Name -like 'a*'", ["anna"]],
  ["-not (Name -like 'a*' -or Name -like 'b*')", ["çelik"]],
  ["-not (Name -like 'a*')", ["Ben", "çelik"]],
  ["WhenChangedUTC -ge '2024-04-11T00:00:00Z'", ["anna"]],
  ["WhenChangedUTC -lt '2024-04-11T00:00:00Z' -and Name -notlike '*en'", ["çelik"]],
  ["GroupType -eq 'Universal,SecurityEnabled'", ["Ben"]],
  ["RecipientTypeDetails -ne 'MailUniversalSecurityGroup'", ["anna", "çelik"]],
  ["EmailAddresses -eq 'ben@contoso.com'", ["Ben"]],
  ["PrimarySmtpAddress -eq 'b@contoso.com'", ["Ben"]],
  ["Alias -eq 'celik'", ["çelik"]],
  ["CustomAttribute11 -eq 'x'", ["çelik"]],
  ["IsDirSynced -eq $true", ["anna"]],
  ["MemberJoinRestriction -eq 'Open'", ["anna"]],
  ["RequireAllSendersAreAuthenticated -eq $false", ["çelik"]],
  ["HiddenFromAddressListsEnabled -eq $true", []],
])("filters by %s", (filter, expected) => {
  tenant.addGroup({
    name: "anna",
    isDirSynced: true,
    whenChangedMs: Date.UTC(2024, 3, 11),
    group: { memberJoinRestriction: "Open" },
  });
  tenant.addGroup({
    name: "Ben",
    recipientTypeDetails: "MailUniversalSecurityGroup",
    primarySmtpAddress: "ben@contoso.com",
    otherAddresses: ["smtp:b@contoso.com"],
  });
  tenant.addGroup({
    name: "çelik",
    alias: "celik",
    customAttributes: { 11: "x" },
    group: { requireSenderAuthenticationEnabled: false },
  });

  expect(names({ Filter: filter })).toEqual(expected);
});

test("filters by members, groups above and owners, named by DN", () => {
  const person = tenant.addUser({ name: "O'Brien, Jo" });
  const inner = tenant.addGroup({ name: "inner" });
  const outer = tenant.addGroup({ name: "outer", group: { managedBy: [person] } });
  tenant.addMember(inner, person);
  tenant.addMember(outer, inner);
  const quoted = dn("O'Brien, Jo").replaceAll("'", "''");

  expect(names({ Filter: `Members -eq '${quoted}'` })).toEqual(["inner"]);
  expect(names({ Filter: `Members -eq '${quoted}' -or Members -eq '${dn("inner")}'` })).toEqual(["inner", "outer"]);
  expect(names({ Filter: "Members -eq $null" })).toEqual([]);
  expect(names({ Filter: `MemberOfGroup -eq '${dn("outer")}'` })).toEqual(["inner"]);
  expect(names({ Filter: `ManagedBy -eq '${quoted}'` })).toEqual(["outer"]);
  expect(names({ Filter: "ManagedBy -ne $null" })).toEqual(["outer"]);
});

test.each([
  ["Notes -eq 'a'", /"Notes" is not a recognized filterable property/],
  ["RequireSenderAuthenticationEnabled -eq $true", /is not a recognized filterable property/],
  ["Members -eq 'somebody'", /could not be converted to type Microsoft\.Exchange\.Data\.Directory\.ADObjectId/],
])("refuses the filter %s", (filter, message) => {
  expect(fault({ Filter: filter }).text).toMatch(message);
});
