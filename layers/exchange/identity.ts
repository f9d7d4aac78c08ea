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
