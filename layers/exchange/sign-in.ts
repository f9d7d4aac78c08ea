import { classifyError } from "#exchange/classify-error";
import { connectRequest } from "#exchange/connect-request";
import type { Credential } from "#exchange/credential";
import { CmdletError, type Connection, type PowerShellSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import { recordMetric } from "#runtime/telemetry";

/** A session with what it is connected to. */
export type SignedIn = { session: PowerShellSession; connection: Connection };

type Options = { environmentName: ExchangeEnvironmentName; deadline: Deadline };

/** Connects a session to Exchange with the cmdlets of the gateway. One whose sign-in failed is of no more use. */
export async function signIn(
  session: PowerShellSession,
  credential: Credential,
  { environmentName, deadline }: Options,
): Promise<SignedIn> {
  try {
    const connection = await session.connect(connectRequest(credential, { environmentName, deadline }));
    recordMetric("SessionOpened", 1);
    recordMetric("ConnectMs", connection.connectMs);
    return { session, connection };
  } catch (error) {
    throw error instanceof CmdletError ? classifyError(error, { access: "read", environmentName }) : error;
  }
}
