import type { CertificateFacts } from "#powershell/session";
import { daysUntil } from "#validation/certificate-checks";
import type { Outcome } from "#validation/checklist";
import type { Check, Validation } from "#validation/validation";

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
