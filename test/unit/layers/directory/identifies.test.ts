import { expect, test } from "vitest";
import type { IdentifiedRow } from "#directory/identity";
import { fits, identifies } from "#directory/identity";

const row: IdentifiedRow = {
  ExchangeObjectId: "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
  Guid: "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
  ExternalDirectoryObjectId: "9b8a7c6d-1234-4abc-9def-0123456789ab",
  RecipientTypeDetails: "UserMailbox",
  DistinguishedName: "CN=Ott\\, Anna,OU=contoso.onmicrosoft.com,DC=PROD,DC=OUTLOOK,DC=COM",
  PrimarySmtpAddress: "Anna.Ott@contoso.com",
  EmailAddresses: ["SMTP:Anna.Ott@contoso.com", "smtp:anna@contoso.com", "SIP:anna.sip@contoso.com", "X500:/o=x"],
  WindowsLiveID: "aott@contoso.com",
  DisplayName: "Anna Ott",
  Name: "Ott, Anna",
  Alias: "annao",
  Notes: "Team lead",
};

test.each([
  "4F1C2D3E-5A6B-4C7D-8E9F-0A1B2C3D4E5F",
  "9b8a7c6d-1234-4abc-9def-0123456789ab",
  "cn=ott\\, anna,ou=contoso.onmicrosoft.com,dc=prod,dc=outlook,dc=com",
  "anna.ott@CONTOSO.com",
  "smtp:anna@contoso.com",
  "anna@contoso.com",
  "AOTT@contoso.com",
  "ott, anna",
  "AnnaO",
])("takes %j for the object's own", (identity) => {
  expect(identifies(identity, row)).toBe(true);
  expect(fits(identity, row)).toBe(true);
});

test.each(["ann*", "Ann", "anna.sip@contoso.com", "/o=x", "Team lead", "UserMailbox", " annao", "ánnao", "annao@"])(
  "does not take %j for the object's own",
  (identity) => {
    expect(identifies(identity, row)).toBe(false);
    expect(fits(identity, row)).toBe(false);
  },
);

test("does not take a display name for what identifies an object", () => {
  expect(identifies("anna ott", row)).toBe(false);
  expect(fits("anna ott", row)).toBe(true);
});

test("does not take the GUID of zeros for an id, which Exchange writes where it has none", () => {
  const zeros = "00000000-0000-0000-0000-000000000000";

  expect(identifies(zeros, { ...row, ExternalDirectoryObjectId: zeros })).toBe(false);
});
