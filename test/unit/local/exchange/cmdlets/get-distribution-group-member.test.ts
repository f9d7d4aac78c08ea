import { beforeEach, expect, test } from "vitest";
import { getDistributionGroupMember } from "#local/exchange/cmdlets/get-distribution-group-member";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { faultOf, show } from "#test/unit/local/exchange/cmdlets/cmdlet-runs";

let tenant: Tenant;

beforeEach(() => {
  tenant = generateTenant({ users: 0, groups: 0, seed: 1 });
});

const names = (identity: string) =>
  show(getDistributionGroupMember, tenant, { Identity: identity }).map(({ Name }) => Name);

test("shows members as recipients", () => {
  const group = tenant.addGroup({ name: "Sales" });
  const anna = tenant.addUser({ name: "Anna", title: "Engineer", primarySmtpAddress: "anna@contoso.com" });
  tenant.addMember(group, anna);

  const [object] = getDistributionGroupMember.run(tenant, { Identity: "Sales" });

  expect(object?.typeNames[0]).toBe("Deserialized.Microsoft.Exchange.Data.Directory.Management.ReducedRecipient");
  expect(object?.properties).toMatchObject({
    Alias: "Anna",
    EmailAddresses: { list: ["SMTP:anna@contoso.com"] },
    PrimarySmtpAddress: "anna@contoso.com",
    RecipientTypeDetails: { enum: "UserMailbox" },
    Title: "Engineer",
    WindowsLiveID: `Anna@${tenant.domain}`,
    ExchangeGuid: { guid: anna.exchangeGuid },
    ExchangeObjectId: { guid: anna.guid },
    Guid: { guid: anna.guid },
    DistinguishedName: expect.stringMatching(/^CN=Anna,/),
  });
  expect(object?.properties).not.toHaveProperty("UserPrincipalName");
  expect(Object.keys(object?.properties ?? {}).slice(-17)[0]).toBe("Identity");
});

test("lists direct members alone, by name, groups and accounts without mail among them", () => {
  const group = tenant.addGroup({ name: "outer" });
  const inner = tenant.addGroup({ name: "inner" });
  const [ben, anna, plain] = tenant.addUsers([
    { name: "Ben" },
    { name: "anna" },
    { name: "plain", recipientTypeDetails: "User" },
  ]);
  if (!ben || !anna || !plain) throw new Error("no users");
  for (const member of [ben, plain, inner, group]) tenant.addMember(group, member);
  tenant.addMember(inner, anna);

  expect(names("outer")).toEqual(["Ben", "inner", "outer", "plain"]);
});

test("forgets who is removed, and answers nothing for an empty group", () => {
  const group = tenant.addGroup({ name: "Sales" });
  const anna = tenant.addUser({ name: "Anna" });
  tenant.addMember(group, anna);
  expect(names(group.guid)).toEqual(["Anna"]);

  tenant.removeObject(anna);

  expect(names(group.guid)).toEqual([]);
});

test("does not find what is no distribution group, and refuses a name that a Microsoft 365 group has too", () => {
  tenant.addUser({ name: "Anna" });
  tenant.addGroup({ name: "Team", displayName: "Sales", recipientTypeDetails: "GroupMailbox" });
  tenant.addGroup({ name: "Sales" });
  const fault = (identity: string) => faultOf(getDistributionGroupMember, tenant, { Identity: identity });

  for (const identity of ["nothing", "Anna", "Team", "Sales*"]) {
    expect(fault(identity), identity).toMatchObject({ status: 404, id: "Ex6F9304" });
  }
  expect(fault("Sales").id).toBe("Ex9E65A2");
});

test.each([{ Identity: "" }, { Identity: null }])("refuses %j, which is not everybody", (given) => {
  expect(faultOf(getDistributionGroupMember, tenant, given).exceptionType).toBe("ParameterBindingValidationException");
});

test("refuses a call without identity", () => {
  expect(faultOf(getDistributionGroupMember, tenant, {}).exceptionType).toBe("AmbiguousParameterSetException");
});
