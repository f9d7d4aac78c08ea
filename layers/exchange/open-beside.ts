import type { Credential } from "#exchange/credential";
import type { Sessions } from "#powershell/session-pool";
import { type SignedIn, signIn } from "#exchange/sign-in";
import type { Connection } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";

type ReplacementOptions = {
  sessions: Sessions;
  /** What the session in use is connected to. */
  inUse: Connection;
  environmentName: ExchangeEnvironmentName;
  deadline: Deadline;
  signal: AbortSignal;
};

/** Opens a session that may do what the one in use may. Where that fails, or is aborted, it leaves none. */
export async function openBeside(credential: Credential, options: ReplacementOptions): Promise<SignedIn> {
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
