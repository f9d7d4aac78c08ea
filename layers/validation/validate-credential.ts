import { type CertificateFacts, type PowerShellSession, type SessionOptions, startSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type Deadline, deadlineIn, earlier } from "#runtime/deadline";
import { checkCertificate, daysUntil } from "#validation/certificate-checks";
import { createChecklist, explainThrown, type Outcome } from "#validation/checklist";
import { checkEnvironment } from "#validation/environment-checks";
import { checkCmdlets, checkReads, checkSignIn, judgeConnectTime } from "#validation/exchange-checks";
import { checkSecret, type SecretSource } from "#validation/secret-checks";
import type { Check, Validation } from "#validation/validation";

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
    const environment = await checkEnvironment(list, certificate.password, within(lookLimitMs));
    const connected = await checkSignIn(list, { secret, certificate, environment }, within(connectLimitMs));
    const permitted = await checkCmdlets(list, connected);
    await checkReads(list, { connected, permitted }, { openSession, environmentName, deadline });
    await list.check("connect time", [environment.module, connected], judgeConnectTime);
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

type Parts = { checks: readonly Check[]; certificate: Outcome<{ facts: CertificateFacts }>; startedAt: number };

/** The answer that the checks make. */
export function summarize({ checks, certificate, startedAt }: Parts): Validation {
  const failed = checks.filter(({ status }) => status === "fail");
  const warned = checks.filter(({ status }) => status === "warn");
  return {
    status: failed.length > 0 ? "fail" : warned.length > 0 ? "warn" : "pass",
    userMessage: sentenceOf(failed, warned),
    checks: [...checks],
    certificate: "value" in certificate ? describeCertificate(certificate.value.facts, startedAt) : null,
    asOf: new Date(startedAt).toISOString(),
    durationMs: Date.now() - startedAt,
  };
}

function sentenceOf([failure, ...otherFailures]: readonly Check[], warned: readonly Check[]): string {
  if (failure === undefined) {
    if (warned.length === 0) return "The credential is right, and Exchange lets the app do what the gateway needs.";
    return `The credential works. Somebody should look at: ${warned.map(({ name }) => name).join(", ")}.`;
  }
  const others = otherFailures.map(({ name }) => name);
  const more = others.length === 0 ? "" : ` Also wrong: ${others.join(", ")}.`;
  return `The credential does not work. First to put right: ${failure.name}.${more}`;
}

function describeCertificate({ subject, thumbprint, notBefore, notAfter }: CertificateFacts, now: number) {
  return {
    subject,
    thumbprint,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    daysLeft: daysUntil(notAfter, now),
  };
}
