import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { JsonValue } from "#local/exchange/answer/json-answer";
import { findServedCmdlet, servedCmdlets } from "#local/exchange/cmdlets/cmdlets";
import { CmdletFault } from "#local/exchange/cmdlets/faults";
import { getUser } from "#local/exchange/cmdlets/get-user";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { distinguishedNameOf } from "#local/exchange/tenant/tenant-address";

let tenant: Tenant;

beforeEach(() => {
  tenant = generateTenant({ users: 0, groups: 0, seed: 1 });
});

const names = (parameters: Record<string, JsonValue>) =>
  getUser
    .run(tenant, { RecipientTypeDetails: ["UserMailbox", "MailUser", "User"], ...parameters })
    .map(({ properties }) => properties.Name);

function fault(parameters: Record<string, JsonValue>): CmdletFault {
  try {
    getUser.run(tenant, parameters);
  } catch (error) {
    if (error instanceof CmdletFault) return error;
    throw error;
  }
  throw new Error("The cmdlet did not fail.");
}

test("is found in any letter case", () => {
  expect(findServedCmdlet("get-USER")).toBe(getUser);
  expect(findServedCmdlet("Get-Nothing")).toBeUndefined();
  expect(servedCmdlets).toContain(getUser);
});

test("shows a user with the properties and types of the real cmdlet", () => {
  const manager = tenant.addUser({ name: "boss" });
  const user = tenant.addUser({ name: "Anna", department: "Sales", manager, seniorityIndex: 3 });

  const [object] = getUser.run(tenant, { Identity: "Anna" });

  expect(object?.typeNames[0]).toBe("Deserialized.Microsoft.Exchange.Data.Directory.Management.User");
  expect(object?.properties).toMatchObject({
    UserPrincipalName: `Anna@${tenant.domain}`,
    WindowsEmailAddress: `Anna@${tenant.domain}`,
    Department: "Sales",
    Manager: "boss",
    DirectReports: { list: [] },
    AccountDisabled: false,
    SeniorityIndex: { int32: 3 },
    RecipientTypeDetails: { enum: "UserMailbox" },
    WhenChanged: { dateTime: "2024-04-10T08:56:22Z", local: true },
    WhenChangedUTC: { dateTime: "2024-04-10T08:56:22Z" },
    ExchangeObjectId: { guid: user.guid },
    Guid: { guid: user.guid },
    DistinguishedName: `CN=Anna,OU=${tenant.domain},OU=Microsoft Exchange Hosted Organizations,DC=EURPR07A013,DC=PROD,DC=OUTLOOK,DC=COM`,
  });
  expect(object?.properties).not.toHaveProperty("PrimarySmtpAddress");
  expect(object?.properties).not.toHaveProperty("EmailAddresses");
});

test("ends each object as every directory object ends", () => {
  tenant.addUser({ name: "Anna" });

  const [object] = getUser.run(tenant, { Identity: "Anna" });

  expect(Object.keys(object?.properties ?? {}).slice(-17)).toEqual(
    "Identity Id IsValid ExchangeVersion Name DistinguishedName ObjectCategory ObjectClass WhenChanged WhenCreated WhenChangedUTC WhenCreatedUTC ExchangeObjectId OrganizationalUnitRoot OrganizationId Guid OriginatingServer".split(
      " ",
    ),
  );
});

test.each([null, ""])("answers everybody where the identity is %j", (identity) => {
  tenant.addUsers([{ name: "b" }, { name: "a" }]);

  expect(names({ Identity: identity })).toEqual(["a", "b"]);
});

test("shows accounts without mail, and neither contacts, groups nor arbitration mailboxes", () => {
  tenant.addUser({ name: "plain", recipientTypeDetails: "User" });
  tenant.addUser({ name: "contact", recipientTypeDetails: "MailContact" });
  tenant.addGroup({ name: "group" });

  const all = getUser.run(tenant, {}).map(({ properties }) => properties.Name);

  expect(all).toEqual(["DiscoverySearchMailbox{D919BA05-46A6-415f-80AD-7E09334BB852}", "plain"]);
  expect(fault({ Identity: "group" }).id).toBe("Ex6F9304");
});

test("says what it could not find, and where", () => {
  expect(fault({ Identity: "O'Nobody" })).toMatchObject({
    status: 404,
    errorCode: "NotFound",
    id: "Ex6F9304",
    exceptionType: "ManagementObjectNotFoundException",
    text: `The operation couldn't be performed because object 'O'Nobody' couldn't be found on '${tenant.serverName}'.`,
  });
});

test("refuses a display name that two people have", () => {
  tenant.addUsers([
    { name: "a", displayName: "Same" },
    { name: "b", displayName: "Same" },
  ]);

  expect(fault({ Identity: "same" })).toMatchObject({
    id: "Ex9E65A2",
    exceptionType: "ManagementObjectNotFoundException",
    text: "The operation couldn't be performed because 'same' matches multiple entries.",
  });
});

test("finds anybody by whatever name they have", () => {
  const name = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !/^\*|\*$/.test(text));

  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 1, maxLength: 4, selector: (text) => text.toLowerCase() }),
      (given) => {
        const users = tenant.addUsers(given.map((text) => ({ name: text })));
        for (const text of given) expect(names({ Identity: text })).toEqual([text]);
        for (const user of users) tenant.removeObject(user);
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  ["Sales*", ["Sales", "Sales EMEA"]],
  ["*emea", ["Sales EMEA"]],
  ["*ales*", ["Sales", "Sales EMEA", "Wales"]],
])("takes %s as a search for all that fit", (identity, expected) => {
  tenant.addUsers([{ name: "Sales" }, { name: "Sales EMEA" }, { name: "Wales" }]);

  expect(names({ Identity: identity })).toEqual(expected);
});

test("takes an asterisk within an identity for itself", () => {
  tenant.addUsers([{ name: "a*b" }, { name: "axb" }]);

  expect(names({ Identity: "a*b" })).toEqual(["a*b"]);
});

test("lists the types asked for, one as text or several as list", () => {
  tenant.addUsers([{ name: "a" }, { name: "b", recipientTypeDetails: "SharedMailbox" }]);

  expect(names({ RecipientTypeDetails: "sharedmailbox" })).toEqual(["b"]);
  expect(names({ RecipientTypeDetails: ["SharedMailbox", "UserMailbox"] })).toEqual(["a", "b"]);
});

test.each(["NoSuchType", "MailContact"])("refuses %s as type", (type) => {
  expect(fault({ RecipientTypeDetails: [type] })).toMatchObject({
    status: 400,
    text: expect.stringContaining(`"${type}"`),
  });
});

test("answers an unknown parameter as an unknown parameter set", () => {
  expect(fault({ Anything: "x" })).toMatchObject({
    status: 400,
    id: "",
    exceptionType: "AmbiguousParameterSetException",
  });
});

test("takes common parameters as text, and its own in any letter case", () => {
  tenant.addUser({ name: "a" });

  expect(
    names({ IDENTITY: "a", ErrorAction: "Continue", WarningAction: "SilentlyContinue", ResultSize: "Unlimited" }),
  ).toEqual(["a"]);
});

test("binds a switch from true and false alone", () => {
  tenant.addUsers([{ name: "a" }, { name: "b", isVip: true }]);

  expect(names({ IsVIP: true })).toEqual(["b"]);
  expect(names({ IsVIP: false })).toEqual(["a", "b"]);
  expect(fault({ IsVIP: "true" }).text).toBe(
    "Cannot convert 'System.String' to the type 'System.Management.Automation.SwitchParameter' required by parameter 'IsVIP'.",
  );
});

test("sorts by the properties it knows", () => {
  tenant.addUsers([
    { name: "a", city: "Zürich" },
    { name: "b", city: "Bonn" },
  ]);

  expect(names({ SortBy: "city" })).toEqual(["b", "a"]);
  expect(fault({ SortBy: "Manager" }).status).toBe(400);
});

test("lists the tenant's organizational unit and no other", () => {
  tenant.addUser({ name: "a" });

  expect(names({ OrganizationalUnit: tenant.domain.toUpperCase() })).toEqual(["a"]);
  expect(fault({ OrganizationalUnit: "elsewhere" }).status).toBe(404);
});

test.each([
  ["Name -like 'a*'", ["anna"]],
  ["-not (Name -like 'a*' -or Name -like 'b*')", ["O'Brien", "çelik"]],
  ["Name -eq 'O''BRIEN'", ["O'Brien"]],
  ["Department -eq $null", ["anna", "O'Brien"]],
  ["Department -ne 'sales'", ["anna", "O'Brien", "çelik"]],
  ["Department -notlike 'Sa*s' -and Department -ne $null", ["çelik"]],
  ["Name -ge 'b' -and Name -lt 'c'", ["Ben"]],
  ["IsDirSynced -eq $true", ["Ben"]],
  ["WhenCreated -gt '4/10/2024 9:00:00 AM'", ["anna"]],
  ["WhenCreatedUTC -le '2024-04-10T08:56:22Z'", ["Ben", "O'Brien", "çelik"]],
  ["RecipientTypeDetails -eq 'usermailbox'", ["anna", "Ben", "O'Brien", "çelik"]],
  ["UserAccountControl -eq 'AccountDisabled,NormalAccount'", ["O'Brien"]],
  ["ObjectClass -eq 'Person'", ["anna", "Ben", "O'Brien", "çelik"]],
  ["Phone -eq 206", ["çelik"]],
])("filters by %s", (filter, expected) => {
  tenant.addUsers([
    { name: "anna", whenCreatedMs: Date.UTC(2024, 3, 11) },
    { name: "Ben", department: "Sales", isDirSynced: true },
    { name: "O'Brien", isAccountDisabled: true },
    { name: "çelik", department: "IT", phone: "206" },
  ]);

  expect(names({ Filter: filter })).toEqual(expected);
});

test("filters by links, named by DN or canonical name", () => {
  const boss = tenant.addUser({ name: "Boss, The" });
  const report = tenant.addUser({ name: "report", manager: boss });
  const group = tenant.addGroup({ name: "group" });
  tenant.addMember(group, report);
  const dn = (name: string) => distinguishedNameOf(tenant.address, name);

  expect(names({ Filter: `Manager -eq '${dn("Boss, The")}'` })).toEqual(["report"]);
  expect(names({ Filter: `Manager -eq '${tenant.domain}/Boss, The'` })).toEqual(["report"]);
  expect(names({ Filter: `DirectReports -eq '${dn("report")}'` })).toEqual(["Boss, The"]);
  expect(names({ Filter: `MemberOfGroup -eq '${dn("group")}'` })).toEqual(["report"]);
  expect(names({ Filter: "MemberOfGroup -eq $null" })).toEqual(["Boss, The"]);
  expect(names({ Filter: `DistinguishedName -eq '${dn("report")}'` })).toEqual(["report"]);
  expect(names({ Filter: `Manager -eq '${dn("nobody")}'` })).toEqual([]);
  expect(fault({ Filter: "Manager -eq 'Boss'" }).status).toBe(400);
});

test.each([
  ["Alias -eq 'a'", /"Alias" is not a recognized filterable property/],
  ["Members -eq 'a'", /"Members" is not a recognized filterable property/],
  ["AccountDisabled -eq $true", /"AccountDisabled" is not a recognized filterable property/],
  ["Guid -eq 'a'", /The value "a" could not be converted to type System\.Guid/],
  ["IsDirSynced -eq 'maybe'", /could not be converted to type System\.Boolean/],
  ["WhenCreated -gt 'soon'", /could not be converted to type System\.DateTime/],
  [
    "RecipientType -eq 'Robot'",
    /could not be converted to type Microsoft\.Exchange\.Data\.Directory\.Recipient\.RecipientType/,
  ],
  ["Guid -like 'a*'", /"-like" is not a valid operator/],
  ["IsDirSynced -gt $true", /"-gt" is not a valid operator/],
  ["Name -eq", /Invalid filter syntax/],
])("refuses the filter %s", (filter, message) => {
  expect(fault({ Filter: filter }).text).toMatch(message);
});
