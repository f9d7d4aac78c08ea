import type { ExchangeEnvironment } from "#exchange/clouds";

/** The hosts that clients sign in at. */
export function signInHostsOf({ signInHost, preferredNetwork }: ExchangeEnvironment): readonly string[] {
  return [signInHost, preferredNetwork];
}

/** What a token for Exchange is asked for, and made out to. */
export function exchangeResource(environment: ExchangeEnvironment): string {
  return `https://${environment.exchangeHost}`;
}
