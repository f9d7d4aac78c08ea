import type { ExchangeEnvironment } from "#exchange/environments";
import type { ErrorEvidence } from "#exchange/error-evidence";
import type { ErrorCode } from "#runtime/errors";

/** What was being done: opening the certificate, loading the module, signing in, calling a cmdlet. */
export type Stage = "certificate" | "module" | "connect" | "invoke";

/** What happened, and from the second sentence on what to do. Hosts and domains are those of the tenant's cloud. */
export type Sentence = string | ((environment: ExchangeEnvironment) => string);

/** One row of the table errors are told by. Every condition it states must hold. */
export type ErrorRule = {
  code: ErrorCode;
  sentence: Sentence;
  stages?: readonly Stage[];
  types?: readonly string[];
  statuses?: readonly number[];
  hresult?: number;
  text?: RegExp;
  /** Holds also where Exchange names a type this rule does not: names and addresses people chose stand in such texts. */
  isSure?: true;
  /** A write that ends so may have been done. */
  isUnsettled?: true;
};

/** Whether the rule tells this error, met at that stage. */
export function matches(rule: ErrorRule, evidence: ErrorEvidence, stage: Stage): boolean {
  if (rule.stages && !rule.stages.includes(stage)) return false;
  if (rule.types ? !rule.types.some((type) => evidence.types.has(type)) : evidence.exchangeType && !rule.isSure)
    return false;
  if (rule.statuses && !(evidence.status !== undefined && rule.statuses.includes(evidence.status))) return false;
  if (rule.hresult !== undefined && !evidence.hresults.includes(rule.hresult)) return false;
  return rule.text?.test(evidence.text) ?? true;
}
