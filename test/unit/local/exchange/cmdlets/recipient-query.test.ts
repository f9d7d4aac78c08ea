import { beforeEach, expect, test } from "vitest";
import { toRecipientValue } from "#local/exchange/answer/json-answer";
import { CmdletFault } from "#local/exchange/cmdlets/faults";
import { queryRecipients, type RecipientQuery } from "#local/exchange/cmdlets/recipient-query";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { distinguishedNameOf } from "#local/exchange/tenant/tenant-address";

let tenant: Tenant;

beforeEach(() => {
  tenant = generateTenant({ users: 0, groups: 0, seed: 1 });
});

const names = (query: Partial<RecipientQuery>) =>
  queryRecipients(tenant, { select: ["Name"], ...query })
    .map(({ properties }) => String(properties.Name))
    .filter((name) => !name.startsWith("Discovery"));

function fault(query: Partial<RecipientQuery>): CmdletFault {
  try {
    queryRecipients(tenant, { select: [], ...query });
  } catch (error) {
    if (error instanceof CmdletFault) return error;
    throw error;
  }
  throw new Error("The query did not fail.");
}

test("writes each property as the module reads it", () => {
  tenant.addUser({
    name: "Anna",
    guid: "8a68c198-be28-4a30-83e9-bffb760c65ba",
    primarySmtpAddress: "anna@contoso.com",
    otherAddresses: ["smtp:a@contoso.com", "SIP:anna@contoso.com"],
    externalDirectoryObjectId: "",
  });
  const select = [
    "Guid",
    "ExchangeObjectId",
    "ExternalDirectoryObjectId",
    "EmailAddresses",
    "HiddenFromAddressListsEnabled",
    "Manager",
    "RecipientTypeDetails",
    "WhenChangedUTC",
    "WhenSoftDeleted",
    "WindowsLiveID",
  ];

  const [row] = queryRecipients(tenant, { identity: "Anna", select }).map(toRecipientValue);

  expect(row).toEqual({
    Guid: "8a68c198-be28-4a30-83e9-bffb760c65ba",
    ExchangeObjectId: "8a68c198-be28-4a30-83e9-bffb760c65ba",
    ExternalDirectoryObjectId: "",
    EmailAddresses: ["SIP:anna@contoso.com", "SMTP:anna@contoso.com", "smtp:a@contoso.com"],
    HiddenFromAddressListsEnabled: false,
    Manager: null,
    RecipientTypeDetails: "UserMailbox",
    WhenChangedUTC: "2024-04-10T08:56:22Z",
    WhenSoftDeleted: null,
    WindowsLiveID: `Anna@${tenant.domain}`,
  });
});

test.each([
  [{}, "ExchangeVersion ExternalDirectoryObjectId Name OrganizationId RecipientType RecipientTypeDetails"],
  [{ propertySet: "Minimum", select: ["DisplayName"] }, "DisplayName"],
  [
    { propertySet: "Archive", select: ["Name"] },
    "Name ArchiveDatabase ArchiveGuid ArchiveRelease ArchiveState ArchiveStatus",
  ],
])("shows the properties that %j asks for", (query, expected) => {
  tenant.addUser({ name: "Anna" });

  const [row] = queryRecipients(tenant, { select: [], identity: "Anna", ...query });

  expect(Object.keys(row?.properties ?? {})).toEqual(expected.split(" "));
});

test.each(["UserPrincipalName", "MobilePhone", "IsDirSynced", "AccountDisabled"])(
  "fails as a whole for the property %s",
  (name) => {
    expect(fault({ select: ["Name", name] })).toMatchObject({
      status: 400,
      text: expect.stringContaining(`'${name}'`),
    });
  },
);

test("shows whatever has mail, and nothing else", () => {
  tenant.addUsers([
    { name: "contact", recipientTypeDetails: "MailContact" },
    { name: "guest", recipientTypeDetails: "GuestMailUser" },
    { name: "plain", recipientTypeDetails: "User" },
    { name: "user" },
  ]);
  tenant.addGroup({ name: "group" });

  expect(names({})).toEqual(["contact", "group", "guest", "user"]);
  expect(names({ recipientTypeDetails: ["MailContact", "userMailbox"] })).toEqual(["contact", "user"]);
  expect(names({ recipientType: ["MailUser"] })).toEqual(["guest"]);
  expect(fault({ recipientTypeDetails: ["User"] }).status).toBe(400);
  expect(fault({ recipientType: ["Robot"] }).status).toBe(400);
});

test("takes an empty identity for none", () => {
  tenant.addUser({ name: "user" });

  expect(names({ identity: "" })).toEqual(["user"]);
  expect(names({ identity: null })).toEqual(["user"]);
});

test("tells an identity of nobody from one of several", () => {
  tenant.addUsers([
    { name: "a", displayName: "Same" },
    { name: "b", displayName: "Same" },
  ]);

  expect(fault({ identity: "nobody" })).toMatchObject({ status: 404, id: "Ex6F9304" });
  expect(fault({ identity: "Same" })).toMatchObject({
    status: 400,
    id: "Ex8155FB",
    exceptionType: "ManagementObjectAmbiguousException",
    text: 'There are multiple recipients matching the identity "Same". Please specify a unique value.',
  });
});

test.each([
  ["startswith(Name,'A')", ["anna"]],
  ["not (startswith(Name,'a') or startswith(Name,'b'))", ["çelik"]],
  ["endswith(Name, 'EN') and contains(Name,'e')", ["ben"]],
  ["EmailAddresses/any(d:d eq 'smtp:other@contoso.com')", ["anna"]],
  ["EmailAddresses/any(d:d eq 'other@contoso.com')", ["anna"]],
  ["EmailAddresses/any(d:startswith(d,'other'))", []],
  ["EmailAddresses/any(d:startswith(d,'smtp:other'))", ["anna"]],
  ["PrimarySmtpAddress eq 'other@contoso.com'", ["anna"]],
  ["HiddenFromAddressListsEnabled eq true", ["ben"]],
  ["Department eq null", ["anna", "ben"]],
  ["Department ne 'IT'", ["anna", "ben"]],
  ["WhenCreatedUTC lt 2024-01-01T00:00:00Z", ["ben"]],
  ["RecipientTypeDetails eq 'UserMailbox' and Name ge 'b'", ["ben", "çelik"]],
])("filters by %s", (filter, expected) => {
  tenant.addUsers([
    { name: "anna", otherAddresses: ["smtp:other@contoso.com"] },
    { name: "ben", isHiddenFromAddressLists: true, whenCreatedMs: 0 },
    { name: "çelik", department: "IT" },
  ]);

  expect(names({ filter })).toEqual(expected);
});

test("filters by manager and owner", () => {
  const boss = tenant.addUser({ name: "Boss" });
  tenant.addUser({ name: "report", manager: boss });
  tenant.addGroup({ name: "group", group: { managedBy: [boss] } });
  const dn = distinguishedNameOf(tenant.address, "Boss");

  expect(names({ filter: `Manager eq '${dn}'` })).toEqual(["report"]);
  expect(names({ filter: `ManagedBy/any(d:d eq '${dn}')` })).toEqual(["group"]);
});

test.each([
  "Members",
  "MemberOfGroup",
  "ExternalDirectoryObjectId",
  "CountryCode",
  "MasterAccountSid",
  "NoSuchProperty",
])("refuses to filter by %s", (name) => {
  expect(fault({ filter: `${name} eq 'x'` })).toMatchObject({
    status: 400,
    exceptionType: "ODataException",
    text: expect.stringContaining(`'${name}'`),
  });
});
