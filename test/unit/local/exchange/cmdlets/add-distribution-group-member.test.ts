import { beforeEach, expect, test } from "vitest";
import { addDistributionGroupMember } from "#local/exchange/cmdlets/add-distribution-group-member";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { RecipientTypeDetails } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { distinguishedNameOf } from "#local/exchange/tenant/tenant-address";
import { faultOf, type Given } from "#test/unit/local/exchange/cmdlets/cmdlet-runs";

let tenant: Tenant;
let group: DirectoryRecord;
let anna: DirectoryRecord;

beforeEach(() => {
  tenant = generateTenant({ users: 0, groups: 0, seed: 1 });
  group = tenant.addGroup({ name: "Sales" });
  anna = tenant.addUser({ name: "Anna" });
});

const add = (given: Given) =>
  addDistributionGroupMember.run(tenant, { Identity: "Sales", BypassSecurityGroupManagerCheck: true, ...given });

const fault = (given: Given) =>
  faultOf(addDistributionGroupMember, tenant, {
    Identity: "Sales",
    Member: "Anna",
    BypassSecurityGroupManagerCheck: true,
    ...given,
  });

const members = () => [...(group.group?.members ?? [])].map(({ name }) => name);

test("puts a recipient into the group and answers nothing", () => {
  const answer = add({ Member: "Anna", Confirm: false });

  expect(answer).toEqual([]);
  expect(members()).toEqual(["Anna"]);
});

test("takes group and member by id, address or DN", () => {
  add({ Identity: group.guid, Member: distinguishedNameOf(tenant.address, "Anna") });
  const ben = tenant.addUser({ name: "Ben" });
  add({ Identity: group.primarySmtpAddress, Member: ben.primarySmtpAddress });

  expect(members()).toEqual(["Anna", "Ben"]);
});

test.each<RecipientTypeDetails>([
  "UserMailbox",
  "SharedMailbox",
  "RoomMailbox",
  "EquipmentMailbox",
  "MailUser",
  "GuestMailUser",
  "MailContact",
  "MailUniversalDistributionGroup",
  "MailUniversalSecurityGroup",
])("takes a %s as member", (recipientTypeDetails) => {
  tenant.addUser({ name: "new", recipientTypeDetails });

  add({ Member: "new" });

  expect(members()).toEqual(["new"]);
});

test.each<RecipientTypeDetails>(["User", "DynamicDistributionGroup", "MailNonUniversalGroup", "RoleGroup"])(
  "does not find a %s as member",
  (recipientTypeDetails) => {
    tenant.addUser({ name: "new", recipientTypeDetails });

    expect(fault({ Member: "new" })).toMatchObject({ status: 404, id: "Ex94914C" });
    expect(members()).toEqual([]);
  },
);

test.each([{ Identity: "Team" }, { Member: "Team" }])("refuses a Microsoft 365 group as %j", (given) => {
  tenant.addGroup({ name: "Team", recipientTypeDetails: "GroupMailbox" });

  expect(fault(given)).toMatchObject({
    exceptionType: "RecipientTaskException",
    text: "The current operation is not supported on GroupMailbox.",
  });
});

test("says what it could not find", () => {
  const text = (name: string) =>
    `Couldn't find object "${name}". Please make sure that it was spelled correctly or specify a different object.`;

  expect(fault({ Identity: "nothing" })).toMatchObject({ status: 404, id: "Ex94914C", text: text("nothing") });
  expect(fault({ Member: "nobody" })).toMatchObject({ status: 404, id: "Ex94914C", text: text("nobody") });
});

test("refuses names that several have", () => {
  tenant.addUsers([
    { name: "x", displayName: "Twin" },
    { name: "y", displayName: "Twin" },
  ]);
  tenant.addGroup({ name: "Team", displayName: "Sales", recipientTypeDetails: "GroupMailbox" });

  expect(fault({ Identity: group.guid, Member: "twin" })).toMatchObject({
    id: "Ex8155FB",
    exceptionType: "ManagementObjectAmbiguousException",
  });
  expect(fault({ Identity: "sales" })).toMatchObject({
    id: "Ex9E65A2",
    exceptionType: "ManagementObjectNotFoundException",
  });
});

test("refuses who is in the group already", () => {
  add({ Member: "Anna" });

  expect(fault({ Member: anna.guid })).toMatchObject({
    status: 400,
    id: "Ex93E602",
    exceptionType: "MemberAlreadyExistsException",
    text: 'The recipient "Anna" is already a member of the group "Sales".',
  });
});

test.each([{ BypassSecurityGroupManagerCheck: false }, { Identity: "Sales", Member: "Anna" }])(
  "refuses an app that does not bypass the check for managers: %j",
  (given) => {
    const failure = faultOf(addDistributionGroupMember, tenant, { Identity: "Sales", Member: "Anna", ...given });

    expect(failure).toMatchObject({
      id: "ExB6FAB5",
      exceptionType: "OperationRequiresGroupManagerException",
      text: "You don't have sufficient permissions. This operation can only be performed by a manager of the group.",
    });
    expect(members()).toEqual([]);
  },
);

test("refuses a group that is kept on-premises", () => {
  tenant.updateObject(group, { isDirSynced: true });

  expect(fault({})).toMatchObject({
    exceptionType: "InvalidOperationException",
    text: expect.stringMatching(
      /out of the current user's write scope.*synchronized from your on-premises organization/,
    ),
  });
});

test("takes a member that is kept on-premises", () => {
  tenant.updateObject(anna, { isDirSynced: true });

  add({ Member: "Anna" });

  expect(members()).toEqual(["Anna"]);
});

test("checks everything and changes nothing with WhatIf, and acts where that is off", () => {
  expect(add({ Member: "Anna", WhatIf: true })).toEqual([]);
  expect(members()).toEqual([]);
  expect(fault({ Member: "nobody", WhatIf: true }).id).toBe("Ex94914C");

  add({ Member: "Anna", WhatIf: false });

  expect(members()).toEqual(["Anna"]);
});

test.each([{ Identity: "" }, { Identity: null }, { Member: "" }])("refuses the empty parameter %j", (given) => {
  expect(fault(given)).toMatchObject({
    status: 400,
    exceptionType: "ParameterBindingValidationException",
    text: expect.stringMatching(/because it is an empty string\.$/),
  });
});

test("refuses parameters that are missing, unknown, or of another kind", () => {
  expect(faultOf(addDistributionGroupMember, tenant, { Member: "Anna" }).exceptionType).toBe(
    "AmbiguousParameterSetException",
  );
  expect(fault({ Members: ["Anna"] }).exceptionType).toBe("AmbiguousParameterSetException");
  expect(fault({ WhatIf: "true" }).exceptionType).toBe("ParameterBindingException");
});
