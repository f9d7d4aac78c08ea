/** One of Microsoft's clouds: where its clients sign in, and where its Exchange Online is. */
export type ExchangeEnvironment = {
  /** As Connect-ExchangeOnline's -ExchangeEnvironmentName calls it. */
  name: "O365Default";
  signInHost: string;
  /** What the discovery document calls the sign-in host. https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
  signInAliases: readonly string[];
  preferredCache: string;
  tokenIssuerHost: string;
  exchangeHost: string;
};

export const worldwide: ExchangeEnvironment = {
  name: "O365Default",
  signInHost: "login.microsoftonline.com",
  signInAliases: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  preferredCache: "login.windows.net",
  tokenIssuerHost: "sts.windows.net",
  exchangeHost: "outlook.office365.com",
};

/** Every host the local Exchange Online plays. */
export function hostsOf(environment: ExchangeEnvironment): readonly string[] {
  return [environment.signInHost, environment.exchangeHost];
}

/** What a token for Exchange is asked for, and made out to. */
export function exchangeResource(environment: ExchangeEnvironment): string {
  return `https://${environment.exchangeHost}`;
}
