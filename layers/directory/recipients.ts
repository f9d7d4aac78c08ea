import * as z from "zod";
import { knownText } from "#directory/fields";
import {
  type IdentifiedRow,
  identifiedRowSchema,
  type ReadByIdentity,
  type Resolution,
  resolveIdentity,
} from "#directory/identity";
import { isAccountType } from "#directory/recipient-types";
import { guidSchema, knownFields, knownTextSchema } from "#directory/records";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { type Cmdlet, flagProperty, selectProperties, textProperty } from "#exchange/cmdlet";
import { getExoRecipient, type RecipientType } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";
import { filterByIds, objectId } from "#exchange/values";
import { ExchangeError } from "#runtime/errors";
import { chunk, summarizeIssues } from "#runtime/text";

/** The one recipient of any kind that an identity names, else the one account without mail: both can be in groups. */
export async function resolveAnybody(
  reader: ExchangeReader,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<Recipient>> {
  const recipient = await resolveRecipient(reader, identity, options);
  return "notFound" in recipient ? resolveAccount(reader, identity, options) : recipient;
}

/** The same for an app that need not have the right to look at accounts: without it there are none. */
export async function resolveMember(
  reader: ExchangeReader,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<Recipient>> {
  const recipient = await resolveRecipient(reader, identity, options);
  if (!("notFound" in recipient)) return recipient;
  return whereAllowed(() => resolveAccount(reader, identity, options), recipient);
}

async function resolveAccount(
  reader: ExchangeReader,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<Recipient>> {
  const account = await resolveIdentity(identity, accountsByIdentity(reader, options));
  return "found" in account ? { found: requireRecipient(account.found) } : account;
}

/** What looking at accounts shows, and `otherwise` where the app has no right to it. */
export async function whereAllowed<Seen>(look: () => Promise<Seen>, otherwise: Seen): Promise<Seen> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ExchangeError && error.code === "COMMAND_NOT_PERMITTED") return otherwise;
    throw error;
  }
}

const accountRowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  ExternalDirectoryObjectId: textProperty,
  RecipientTypeDetails: z.string(),
  DistinguishedName: textProperty,
  UserPrincipalName: textProperty,
  WindowsEmailAddress: textProperty,
  DisplayName: textProperty,
  Name: textProperty,
  AccountDisabled: flagProperty,
});

const identifyingAccount = selectProperties(getUser, accountRowSchema);

const idsPerQuery = 20;

/**
 * Reads accounts, those without mail too, by what names them. Get-User does not tell who is hidden from the address lists:
 * whoever may be counts as hidden.
 */
export function accountsByIdentity(reader: ExchangeReader, options: ReadOptions): ReadByIdentity<IdentifiedRow> {
  return async (identity, limit) => {
    const rows = await readEach(reader, identifyingAccount, { Identity: identity, ResultSize: limit }, options);
    return rows.map((row) => ({
      ...row,
      PrimarySmtpAddress: row.WindowsEmailAddress,
      WindowsLiveID: row.UserPrincipalName,
      HiddenFromAddressListsEnabled: !isAccountType(row.RecipientTypeDetails),
    }));
  };
}

/** Whether each of these accounts may sign in, by id. What is no account, and what Exchange does not say, is not there. */
export async function readEnabled(
  reader: ExchangeReader,
  ids: Iterable<string>,
  options: ReadOptions,
): Promise<Map<string, boolean>> {
  const enabled = new Map<string, boolean>();
  for (const some of chunk([...new Set(ids)], idsPerQuery)) {
    const Filter = filterByIds(some);
    const rows = await readEach(reader, identifyingAccount, { Filter, ResultSize: "Unlimited" }, options);
    for (const row of rows) {
      const id = objectId(row);
      if (id !== undefined && typeof row.AccountDisabled === "boolean") enabled.set(id, !row.AccountDisabled);
    }
  }
  return enabled;
}

/** Get-EXORecipient with the properties that tell which object a row is. */
export const identifyingRecipient = selectProperties(getExoRecipient, identifiedRowSchema);

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

/** The one recipient of any kind that an identity names. Accounts without mail are no recipients and are not found. */
export async function resolveRecipient(
  reader: ExchangeReader,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<Recipient>> {
  const resolution = await findRecipient(reader, { identity }, options);
  return "found" in resolution ? { found: requireRecipient(resolution.found) } : resolution;
}

/** What a row tells of a recipient. Throws where that is not enough to work with. */
export function requireRecipient(row: IdentifiedRow): Recipient {
  const recipient = recipientSchema.safeParse(toRecipientFields(row));
  if (recipient.success) return recipient.data;
  throw unexpectedRow({ id: objectId(row), reason: summarizeIssues(recipient.error) });
}

export type RecipientQuery = { identity: string; types?: RecipientType[] };

/** Finds the object of these kinds, or of any, that an identity names. See resolveIdentity. */
export async function findRecipient(
  reader: ExchangeReader,
  { identity, types }: RecipientQuery,
  options: ReadOptions,
): Promise<Resolution<IdentifiedRow>> {
  return resolveIdentity(identity, recipientsByIdentity(reader, options, types));
}

/** Reads recipients of these kinds, or of any, by what names them. */
export function recipientsByIdentity(
  reader: ExchangeReader,
  options: ReadOptions,
  types?: RecipientType[],
): ReadByIdentity<IdentifiedRow> {
  const kinds = types === undefined ? {} : { RecipientTypeDetails: types };
  return (identity, limit) =>
    readEach(reader, identifyingRecipient, { Identity: identity, ResultSize: limit, ...kinds }, options);
}

type ObjectRow = { ExchangeObjectId?: unknown; Guid?: unknown };

/** All rows of a read, each object once; an object that comes again replaces itself. Throws for a row that is not as expected. */
export async function readEach<Row extends ObjectRow, Parameters>(
  reader: ExchangeReader,
  cmdlet: Cmdlet<Row, Parameters>,
  parameters: Parameters,
  options: ReadOptions,
): Promise<Row[]> {
  const rows = new Map<string | undefined, Row>();
  for await (const parsed of reader.read(cmdlet, parameters, options)) {
    if (!parsed.ok) throw unexpectedRow(parsed);
    rows.set(objectId(parsed.row), parsed.row);
  }
  return [...rows.values()];
}

/** The error for a row that is not as Exchange's rows are. */
export function unexpectedRow({ id, reason }: { id: string | undefined; reason: string }): ExchangeError {
  return new ExchangeError(
    "UNEXPECTED",
    `Exchange's row of the object ${id ?? "without id"} is not as expected: ${reason}`,
  );
}
