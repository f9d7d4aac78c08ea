import { cmdlets } from "#exchange/cmdlets/all";
import type { Credential } from "#exchange/credential/credential";
import { classifyError } from "#exchange/errors/classify";
import { CmdletError } from "#powershell/calls";
import type { Connection, ConnectRequest, PowerShellSession } from "#powershell/session";
import type { Sessions } from "#powershell/session-pool";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { recordMetric } from "#runtime/telemetry";

type ReplacementOptions = {
  sessions: Sessions;
  /** What the session in use is connected to. */
  inUse: Connection;
  environmentName: ExchangeEnvironmentName;
  deadline: Deadline;
  signal: AbortSignal;
};

/** Opens a session that may do what the one in use may. Where that fails, or is aborted, it leaves none. */
export async function openReplacementSession(credential: Credential, options: ReplacementOptions): Promise<SignedIn> {
  const { sessions, inUse, signal } = options;
  signal.throwIfAborted();
  const session = sessions.start();
  const end = () => sessions.end(session);
  signal.addEventListener("abort", end);
  try {
    const signedIn = await signIn(session, credential, options);
    requireCmdletsOf(inUse, signedIn.connection);
    return signedIn;
  } catch (error) {
    end();
    throw error;
  }
}

function requireCmdletsOf(inUse: Connection, { commands }: Connection): void {
  const missing = [...inUse.commands.keys()].filter((name) => !commands.has(name));
  if (missing.length === 0) return;
  throw new ExchangeError(
    "DIRECTORY_ROLE_MISSING",
    `The app of the new credential may not use ${missing.join(", ")}, as the app in use may. Give it the same roles in Exchange.`,
  );
}

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
