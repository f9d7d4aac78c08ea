import { environments } from "#exchange/clouds";
import type { Access } from "#exchange/cmdlet";
import { answerRules } from "#exchange/errors/answers";
import { connectionRules, machineRules } from "#exchange/errors/connection";
import { type ErrorEvidence, type ErrorRule, matches, readEvidence } from "#exchange/errors/rule";
import { certificateRules, rightsRules, signInRules } from "#exchange/errors/sign-in";
import { untypedAnswerRules } from "#exchange/errors/untyped-answers";
import type { CmdletError } from "#powershell/calls";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type Advice, adviceText, type ErrorCode, ExchangeError, errorCodes } from "#runtime/errors";

/** What was called, and in which cloud. Without a cmdlet it was the connection. */
export type Attempt = { cmdlet?: string; access: Access; environmentName: ExchangeEnvironmentName };

type Verdict = { evidence: ErrorEvidence; rule: ErrorRule | undefined };

/** The first rule that fits tells the error. */
const rules: readonly ErrorRule[] = [
  ...certificateRules,
  ...machineRules,
  ...signInRules,
  ...rightsRules,
  ...answerRules,
  ...untypedAnswerRules,
  ...connectionRules,
];

const longestQuote = 600;
const token = /\beyJ[\w-]{10,}(?:\.[\w-]*)+|\b[A-Za-z0-9+/_-]{200,}={0,2}/g;

/** What an error of PowerShell or Exchange means: its code, what happened and what to do, and their own words. */
export type Explanation = { code: ErrorCode; advice: Advice; words: string; forEmployees?: string };

/**
 * What PowerShell or Exchange refused, with its code, what to do, and their own words. `EXCHANGE_REFUSED` where nothing
 * tells it; a write whose answer settles nothing is `OUTCOME_UNKNOWN`, with what a read would be as its cause.
 */
export function classifyError(failure: CmdletError, { cmdlet, access, environmentName }: Attempt): ExchangeError {
  const verdicts = judge(failure);
  const subject = cmdlet ?? "Connecting";
  const explanation = explainError(failure, environmentName);
  const answer = explanation.words === "" ? "There was no answer." : `The answer was: ${explanation.words}`;
  const { code, forEmployees } = explanation;
  const error = new ExchangeError(code, `${subject}: ${adviceText(explanation.advice)} ${answer}`, {
    ...(forEmployees === undefined
      ? {}
      : { userMessage: `${errorCodes[code].userMessage} Exchange says: ${forEmployees}` }),
  });
  const isOpen = failure.isStopped || verdicts.some(isUnsettled);
  const isUnknown = access === "write" && failure.stage === "invoke" && isOpen;
  return isUnknown ? outcomeUnknown(subject, answer, error) : error;
}

/** The same in its parts, of what reads or connects. */
export function explainError(failure: CmdletError, environmentName: ExchangeEnvironmentName): Explanation {
  const verdicts = judge(failure);
  return failure.isStopped ? explainStopped(verdicts, environmentName) : explain(verdicts, environmentName);
}

function judge({ errors, stage }: CmdletError): Verdict[] {
  return errors.map((record) => {
    const evidence = readEvidence(record);
    return { evidence, rule: rules.find((rule) => matches(rule, evidence, stage)) };
  });
}

function explain(verdicts: readonly Verdict[], environmentName: ExchangeEnvironmentName): Explanation {
  const settled = verdicts.find(({ rule }) => rule && !rule.isUnsettled) ?? verdicts.find(({ rule }) => rule);
  const { code, advice } = settled?.rule ?? {
    code: "EXCHANGE_REFUSED" as const,
    advice: { what: "Exchange refused the call for a reason the gateway has no name for." },
  };
  return {
    code,
    advice: typeof advice === "function" ? advice(environments[environmentName]) : advice,
    words: quote(verdicts.map(({ evidence }) => evidence.text).join(" | ")),
    ...(settled?.rule?.isForEmployees ? { forEmployees: quote(settled.evidence.sentence) } : {}),
  };
}

/**
 * A call that was stopped was waiting for what may pass: of what went wrong in it that counts, the newest first. A refusal
 * for good would have ended it.
 */
function explainStopped(verdicts: readonly Verdict[], environmentName: ExchangeEnvironmentName): Explanation {
  const passing = verdicts.find(({ rule }) => rule && errorCodes[rule.code].retryable);
  if (passing) return explain([passing], environmentName);
  return {
    code: "POWERSHELL_TIMEOUT",
    advice: { what: "The time was over before it had ended, and it was stopped." },
    words: "",
  };
}

/** A refusal that Exchange names by a type is settled, known to us or not. */
function isUnsettled({ evidence, rule }: Verdict): boolean {
  return rule ? rule.isUnsettled === true : evidence.exchangeType === undefined;
}

function quote(text: string): string {
  const plain = text.replaceAll(token, "[…]").replaceAll(/\s+/g, " ").trim();
  return plain.length > longestQuote ? `${plain.slice(0, longestQuote)}…` : plain;
}

const sentence = "It is not known whether the change was made. Read back what is there before doing it again.";

/** The error of a write that may have been done. `answer` is a sentence on what became of it. */
export function outcomeUnknown(cmdlet: string, answer: string, cause: unknown): ExchangeError {
  return new ExchangeError("OUTCOME_UNKNOWN", `${cmdlet}: ${sentence} ${answer}`, { cause });
}
