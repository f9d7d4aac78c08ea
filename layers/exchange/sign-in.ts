import { classifyError } from "#exchange/classify-error";
import { cmdlets } from "#exchange/cmdlets";
import type { Credential } from "#exchange/credential";
import { CmdletError } from "#powershell/cmdlet-error";
import type { Connection, PowerShellSession } from "#powershell/session";
import type { Deadline } from "#runtime/deadline";

/** A session with what it is connected to. */
export type SignedIn = { session: PowerShellSession; connection: Connection };

type Options = { environmentName: string; deadline: Deadline };

/** Connects a session to Exchange with the cmdlets of the gateway. One whose sign-in failed is of no more use. */
export async function signIn(
  session: PowerShellSession,
  credential: Credential,
  { environmentName, deadline }: Options,
): Promise<SignedIn> {
  try {
    const connection = await session.connect({
      appId: credential.appId,
      organization: credential.tenantDomain,
      certificate: credential.certificate,
      certificatePassword: credential.certificatePassword,
      environmentName,
      commandNames: cmdlets.filter(({ home }) => home === "served").map(({ name }) => name),
      cmdlets: cmdlets.map(({ name }) => name),
      deadline,
    });
    return { session, connection };
  } catch (error) {
    throw error instanceof CmdletError ? classifyError(error, { access: "read" }) : error;
  }
}
