import { type PowerShellSession, type SessionOptions, startSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type Deadline, deadlineIn, earlier } from "#runtime/deadline";
import { checkCertificate } from "#validation/certificate-checks";
import { createChecklist } from "#validation/checklist";
import { checkCmdlets } from "#validation/cmdlet-checks";
import { judgeConnectTime } from "#validation/connect-time";
import { explainThrown } from "#validation/explain";
import { checkReads } from "#validation/read-checks";
import { checkSecret, type SecretSource } from "#validation/secret-checks";
import { checkSignIn } from "#validation/sign-in-checks";
import { summarize } from "#validation/summarize";
import { checkSurroundings } from "#validation/surroundings-checks";
import type { Validation } from "#validation/validation";

export type ValidationOptions = SecretSource &
  SessionOptions & {
    environmentName: ExchangeEnvironmentName;
    deadline: Deadline;
  };

/** For what needs no more than this machine and one answer. */
const lookLimitMs = 60_000;
/** Longer than the module repeats a sign-in by itself. */
const connectLimitMs = 120_000;

/**
 * Checks a credential from its text to what the app may do, in a PowerShell of its own, and changes nothing in the
 * tenant. Throws only where nothing can be checked, such as `POWERSHELL_NOT_FOUND`.
 */
export async function validateCredential(options: ValidationOptions): Promise<Validation> {
  const { environmentName, deadline } = options;
  const startedAt = Date.now();
  const { openSession, close } = keepSession(options);
  const list = createChecklist((thrown) => explainThrown(thrown, environmentName));
  const within = (limitMs: number) => ({
    openSession,
    environmentName,
    deadline: earlier(deadline, deadlineIn(limitMs)),
  });
  try {
    const secret = await checkSecret(list, options, environmentName);
    const certificate = await checkCertificate(list, secret, { ...within(lookLimitMs), now: startedAt });
    const surroundings = await checkSurroundings(list, certificate.password, within(lookLimitMs));
    const connected = await checkSignIn(list, { secret, certificate, surroundings }, within(connectLimitMs));
    const permitted = await checkCmdlets(list, connected);
    await checkReads(list, { connected, permitted }, { openSession, environmentName, deadline });
    await list.check("connect time", [surroundings.module, connected], judgeConnectTime);
    return summarize({ checks: list.checks, certificate: certificate.password, startedAt });
  } finally {
    await close();
  }
}

/** Starts PowerShell when it is needed first. */
function keepSession(options: SessionOptions) {
  let session: PowerShellSession | undefined;
  return {
    openSession: () => {
      session ??= startSession(options);
      return session;
    },
    close: async () => session?.close(),
  };
}
