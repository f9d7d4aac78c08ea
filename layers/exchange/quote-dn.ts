import { ExchangeError } from "#runtime/errors";

/** The served cmdlets rewrite these wherever they stand in a filter. */
const rewritten = /\$(?:true|false|null)/i;

/**
 * A distinguished name that Exchange gave us as the value of a filter, with its quotes: `'CN=O''Brien,OU=…'`. Throws
 * `PARAMETER_INVALID` for what is none, and for one that would not reach Exchange as it is.
 * https://learn.microsoft.com/powershell/exchange/recipient-filters
 */
export function quoteDn(dn: string): string {
  if (!/^CN=.+,DC=[^,]+$/is.test(dn) || rewritten.test(dn)) {
    throw new ExchangeError(
      "PARAMETER_INVALID",
      "A filter can only name an object by a distinguished name of Exchange's.",
    );
  }
  return `'${dn.replaceAll("'", "''")}'`;
}
