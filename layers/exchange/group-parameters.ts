import * as z from "zod";

/**
 * What a new group's properties may be, as Exchange has it.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/new-distributiongroup
 */

const edges = /^[\s\u0085]|[\s\u0085]$/u;
const aliasCharacter = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u00A1-\\u00FF-]";
const alias = new RegExp(`^${aliasCharacter}+(?:\\.${aliasCharacter}+)*$`, "u");
const address =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** Lengths count UTF-16 units, as .NET does and zod's own check does not. */
const wholeText = (maximum: number) =>
  z
    .string()
    .min(1)
    .refine((text) => text.length <= maximum, `is longer than ${maximum} characters`)
    .refine((text) => text.isWellFormed(), "holds half of a surrogate pair, which is no character");

const lineSchema = (maximum: number) =>
  wholeText(maximum)
    .refine((text) => !edges.test(text), "begins or ends with white space")
    .refine((text) => !/\p{Cc}/u.test(text), "holds a line break or another control character");

export const nameSchema = lineSchema(64);

export const displayNameSchema = lineSchema(256);

/** Letters, digits and some signs, with single periods between them. */
export const aliasSchema = z.string().max(64).regex(alias, "holds a character that an alias may not have");

/** At one of the organization's domains; which those are, Exchange says. */
export const addressSchema = z
  .string()
  .max(254)
  .regex(address, "is no mail address")
  .refine((text) => !/^\.|\.[.@]/.test(text), "has a period where none may be");

/** A note, or a line of the description. */
export const noteSchema = wholeText(1024).refine((text) => /[^\s\u0085]/u.test(text), "is blank");

export const restrictionSchema = z.enum(["Open", "Closed", "ApprovalRequired"]);
