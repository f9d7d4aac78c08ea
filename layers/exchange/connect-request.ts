import { cmdlets } from "#exchange/cmdlets";
import type { Credential } from "#exchange/credential";
import type { ConnectRequest } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";

type Circumstances = { environmentName: ExchangeEnvironmentName; deadline: Deadline };

/** What a session is connected with: the credential, and every cmdlet that the gateway uses. */
export function connectRequest(
  { appId, tenantDomain, certificate, certificatePassword }: Omit<Credential, "certificateExpiresOn">,
  circumstances: Circumstances,
): ConnectRequest {
  return {
    appId,
    organization: tenantDomain,
    certificate,
    certificatePassword,
    commandNames: cmdlets.filter(({ home }) => home === "served").map(({ name }) => name),
    cmdlets: cmdlets.map(({ name }) => name),
    ...circumstances,
  };
}
