import * as z from "zod";
import { ExchangeError } from "#runtime/errors";

/** White space as .NET sees it, which calls U+0085 white space too where JavaScript does not. */
const blank = /^[\s\u0085]*$/u;

const advice = "Give the name, address, alias, GUID or distinguished name of one object.";

/**
 * What names an object in a call: any text but an empty or blank one, which makes Exchange answer with every object there
 * is, and one with half a character in it. Nothing is changed or escaped: it travels as data.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-user
 */
export const identitySchema = z
  .string()
  .refine((text) => !blank.test(text), {
    error: `The identity is empty or blank. ${advice}`,
    params: { isIdentity: true },
  })
  .refine((text) => text.isWellFormed(), {
    error: `The identity holds half of a surrogate pair, which is no character. ${advice}`,
    params: { isIdentity: true },
  });

/** The same text, or `IDENTITY_INVALID` before anything is sent. */
export function parseIdentity(text: string): string {
  const parsed = identitySchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ExchangeError("IDENTITY_INVALID", parsed.error.issues[0]?.message ?? advice);
}

/** A filter that fits the objects with these ids, at least one. Throws `PARAMETER_INVALID` for what is no id. */
export function filterByIds(ids: readonly string[]): string {
  const guids = ids.map(parseGuid);
  if (guids.length === 0 || guids.includes(undefined)) {
    throw new ExchangeError("PARAMETER_INVALID", "A filter by ids needs GUIDs, one at least.");
  }
  return guids.map((id) => `Guid -eq '${id}'`).join(" -or ");
}

/**
 * What a new group's properties may be, as Exchange has it.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/new-distributiongroup
 */

const edges = /^[\s\u0085]|[\s\u0085]$/u;
const aliasCharacter = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u00A1-\\u00FF-]";
const alias = new RegExp(`^${aliasCharacter}+(?:\\.${aliasCharacter}+)*$`, "u");
const address =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** So many characters each may have at most: UTF-16 units, as .NET counts and zod's own check does not. */
export const longest = { name: 64, displayName: 256, alias: 64, address: 254, note: 1_024 } as const;

/** Any text of well-formed characters, as a request may hold it. What it may be, whoever uses it says. */
export const textSchema = z
  .string()
  .refine((text) => text.isWellFormed(), "holds half of a surrogate pair, which is no character");

const wholeText = (maximum: number) =>
  textSchema.min(1).refine((text) => text.length <= maximum, `is longer than ${maximum} characters`);

const lineSchema = (maximum: number) =>
  wholeText(maximum)
    .refine((text) => !edges.test(text), "begins or ends with white space")
    .refine((text) => !/\p{Cc}/u.test(text), "holds a line break or another control character");

export const nameSchema = lineSchema(longest.name);

export const displayNameSchema = lineSchema(longest.displayName);

/** Letters, digits and some signs, with single periods between them. */
export const aliasSchema = z.string().max(longest.alias).regex(alias, "holds a character that an alias may not have");

/** At one of the organization's domains; which those are, Exchange says. */
export const addressSchema = z
  .string()
  .max(longest.address)
  .regex(address, "is no mail address")
  .refine((text) => !/^\.|\.[.@]/.test(text), "has a period where none may be");

/** A note, or a line of the description. */
export const noteSchema = wholeText(longest.note).refine((text) => /[^\s\u0085]/u.test(text), "is blank");

export const restrictionSchema = z.enum(["Open", "Closed", "ApprovalRequired"]);

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const noId = "00000000-0000-0000-0000-000000000000";

/** A GUID in lower case; undefined for anything else, and for the GUID of zeros, which Exchange writes where it has none. */
export function parseGuid(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.toLowerCase();
  return guid.test(text) && text !== noId ? text : undefined;
}

/** The id that stays with a directory object for life: ExchangeObjectId, else Guid, which holds the same value. */
export function objectId(row: { ExchangeObjectId?: unknown; Guid?: unknown }): string | undefined {
  return parseGuid(row.ExchangeObjectId) ?? parseGuid(row.Guid);
}

/**
 * A distinguished name that Exchange gave us as the value of a filter, with its quotes: `'CN=O''Brien,OU=…'`. Throws
 * `PARAMETER_INVALID` for what is none, and for one that would not reach Exchange as it is.
 * https://learn.microsoft.com/powershell/exchange/recipient-filters
 */
export function quoteDn(dn: string): string {
  if (!/^CN=.+,DC=[^,]+$/is.test(dn) || isRewritten(dn)) {
    throw new ExchangeError(
      "PARAMETER_INVALID",
      "A filter can only name an object by a distinguished name of Exchange's.",
    );
  }
  return `'${dn.replaceAll("'", "''")}'`;
}

/** Whether a text would not reach Exchange in a filter as it is: the served cmdlets rewrite variables wherever they stand. */
export function isRewritten(text: string): boolean {
  return /\$(?:true|false|null)/i.test(text);
}
