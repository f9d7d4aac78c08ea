import { skipToken } from "#local/exchange/admin-api/cut-page";
import type { Call } from "#local/exchange/exchange";

/** The address of a page after this one, with the options that the list was asked for with. */
export function nextLink({ request, exchange }: Call, resource: string, token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const options = request.query.entries().filter(([name]) => name.toLowerCase() !== skipToken);
  const query = [...options, [skipToken, token] as const]
    .map(([name, value]) => `${encodeURIComponent(name).replace("%24", "$")}=${encodeURIComponent(value)}`)
    .join("&");
  return `https://${exchange.environment.exchangeHost}/adminapi/beta/${exchange.tenant.id}/${resource}?${query}`;
}
