import { expect, test } from "vitest";
import { identifyingRecipient } from "#directory/recipients";
import { cmdlets } from "#exchange/cmdlets/all";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";

/** Naming a property a recipient has not fails the whole call of Get-EXORecipient. */
const recipientProperties = new Set(
  (
    "ExternalDirectoryObjectId Identity Alias EmailAddresses DisplayName FirstName LastName Name City Company CountryOrRegion " +
    "Department ExternalEmailAddress HiddenFromAddressListsEnabled ManagedBy Manager Notes Office Phone PrimarySmtpAddress " +
    "RecipientType RecipientTypeDetails SamAccountName StateOrProvince Title UsageLocation WhenChangedUTC WhenCreatedUTC " +
    "WhenSoftDeleted WindowsLiveID ExchangeGuid ExchangeObjectId Guid DistinguishedName"
  ).split(" "),
);

test.each([getExoRecipient, identifyingRecipient])(
  "asks Get-EXORecipient for properties that a recipient has (%#)",
  ({ properties }) => {
    expect(properties.filter((name) => !recipientProperties.has(name))).toEqual([]);
  },
);

test("asks Get-User for none of the mail properties, which it does not have", () => {
  const mailProperties = ["PrimarySmtpAddress", "EmailAddresses", "HiddenFromAddressListsEnabled", "WindowsLiveID"];

  expect(getUser.properties.filter((name) => mailProperties.includes(name))).toEqual([]);
});

const answering = cmdlets.filter(({ name }) => name !== "Add-DistributionGroupMember");

test.each(answering)("asks $name for what names a row", ({ properties, rowId }) => {
  const guid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

  const identified = properties.filter((name) => rowId({ [name]: guid }) === guid);

  expect(identified).toEqual(["ExchangeObjectId", "Guid"]);
});

test.each(cmdlets)("knows each cmdlet once ($name)", ({ name }) => {
  expect(cmdlets.filter((cmdlet) => cmdlet.name === name)).toHaveLength(1);
});
