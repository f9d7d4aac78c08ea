import { expect, test } from "vitest";
import {
  addDistributionGroupMember,
  getDistributionGroupMember,
  newDistributionGroup,
} from "#exchange/cmdlets/distribution-group";

const least = { Name: "Sales", Alias: "sales" };
const accepts = (parameters: object) => newDistributionGroup.parameters.safeParse(parameters).success;

test("takes a group with everything that may be said of one", () => {
  const parameters = {
    Name: "Verkauf „Süd“ [*] 😀",
    Alias: "verkauf.süd!#$%&'*+-/=?^_`{|}~",
    DisplayName: "D".repeat(256),
    PrimarySmtpAddress: "sales.south+x@mail.contoso-group.com",
    ManagedBy: ["anna@contoso.com"],
    Members: ["O'Brien", "$(x)"],
    Type: "Distribution",
    MemberJoinRestriction: "Open",
    MemberDepartRestriction: "Closed",
    Description: ["first line", "second line"],
    Notes: "two\nlines",
    RequireSenderAuthenticationEnabled: false,
  };

  expect(newDistributionGroup.parameters.parse(parameters)).toEqual(parameters);
});

test.each([
  { Name: "Sales" },
  { Alias: "sales" },
  { ...least, Name: "" },
  { ...least, Name: " " },
  { ...least, Name: " Sales" },
  { ...least, Name: "Sales\u0085" },
  { ...least, Name: "Sales\nSouth" },
  { ...least, Name: "Sales\u0000" },
  { ...least, Name: "n".repeat(65) },
  { ...least, Name: "😀".repeat(33) },
  { ...least, Name: "\ud800" },
  { ...least, Alias: "" },
  { ...least, Alias: "a b" },
  { ...least, Alias: "sales@contoso.com" },
  { ...least, Alias: ".sales" },
  { ...least, Alias: "sales." },
  { ...least, Alias: "sales..south" },
  { ...least, Alias: "sales\n" },
  { ...least, Alias: "продажи" },
  { ...least, Alias: "a".repeat(65) },
  { ...least, DisplayName: "d".repeat(257) },
  { ...least, PrimarySmtpAddress: "sales" },
  { ...least, PrimarySmtpAddress: "sales@contoso" },
  { ...least, PrimarySmtpAddress: ".sales@contoso.com" },
  { ...least, PrimarySmtpAddress: "sales@contoso.com\n" },
  { ...least, PrimarySmtpAddress: `${"a".repeat(65)}@contoso.com` },
  { ...least, ManagedBy: [] },
  { ...least, Members: [""] },
  { ...least, Type: "Security", MemberJoinRestriction: "Open" },
  { ...least, Type: "Security", MemberDepartRestriction: "Open" },
  { ...least, Notes: "n".repeat(1025) },
  { ...least, Notes: " \n" },
  { ...least, RequireSenderAuthenticationEnabled: "true" },
  { ...least, WhatIf: true },
  { ...least, Confirm: true },
  { ...least, DisplayName: undefined },
])("refuses a group like %j", (parameters) => {
  expect(accepts(least)).toBe(true);
  expect(accepts(parameters)).toBe(false);
});

test.each([{}, { Identity: "a" }, { Member: "a" }, { Identity: "a", Member: " " }, { Identity: "a", Member: null }])(
  "refuses to add a member with %j, which could mean whoever calls",
  (parameters) => {
    expect(addDistributionGroupMember.parameters.safeParse(parameters).success).toBe(false);
  },
);

test.each([{}, { Identity: "" }, { ResultSize: 1 }])("refuses to list the members of %j", (parameters) => {
  expect(getDistributionGroupMember.parameters.safeParse(parameters).success).toBe(false);
});
