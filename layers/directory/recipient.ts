import * as z from "zod";
import { knownFields } from "#directory/known-fields";
import { knownText } from "#directory/property";
import { guidSchema, knownTextSchema } from "#directory/record-fields";
import { flagProperty, listProperty, selectProperties, textProperty } from "#exchange/cmdlet";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { objectId } from "#exchange/values";

const recipientRowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  ExternalDirectoryObjectId: textProperty,
  RecipientTypeDetails: z.string(),
  DistinguishedName: textProperty,
  PrimarySmtpAddress: textProperty,
  EmailAddresses: listProperty,
  WindowsLiveID: textProperty,
  DisplayName: textProperty,
  Name: textProperty,
  Alias: textProperty,
  ManagedBy: listProperty,
  Notes: textProperty,
  HiddenFromAddressListsEnabled: flagProperty,
});

export type IdentifiedRow = z.infer<typeof recipientRowSchema>;

/** Get-EXORecipient with the properties that tell which object a row is. */
export const identifyingRecipient = selectProperties(getExoRecipient, recipientRowSchema);

/** Anything with a mail address. A field that is absent cannot be known, null is known to be empty, as with groups. */
export const recipientSchema = z.strictObject({
  /** Stays with the object for life. */
  id: guidSchema,
  /** Its distinguished name, which changes with its name. */
  dn: z.string().min(1),
  name: knownTextSchema,
  displayName: knownTextSchema,
  alias: knownTextSchema,
  primaryAddress: knownTextSchema,
  /** Exchange's RecipientTypeDetails, such as UserMailbox or GroupMailbox. */
  recipientType: z.string().min(1),
});

export type Recipient = z.infer<typeof recipientSchema>;

/** What one needs to choose among objects. */
export const candidateSchema = z.strictObject({
  name: z.string(),
  address: z.string().nullable(),
  type: z.string(),
});

export type Candidate = z.infer<typeof candidateSchema>;

export function toRecipientFields(row: IdentifiedRow): object {
  return knownFields({
    id: objectId(row),
    dn: knownText(row.DistinguishedName) ?? undefined,
    name: knownText(row.Name),
    displayName: knownText(row.DisplayName),
    alias: knownText(row.Alias),
    primaryAddress: knownText(row.PrimarySmtpAddress),
    recipientType: row.RecipientTypeDetails,
  });
}

/** The name is the one people see, where there is one. */
export function toCandidate(row: IdentifiedRow): Candidate {
  return {
    name: knownText(row.DisplayName) ?? knownText(row.Name) ?? "",
    address: knownText(row.PrimarySmtpAddress) ?? null,
    type: row.RecipientTypeDetails,
  };
}
