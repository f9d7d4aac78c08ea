import type { ExchangeEnvironment } from "#exchange/clouds";
import type { ErrorRecord } from "#powershell/frames";
import type { Advice, ErrorCode } from "#runtime/errors";

/** What was being done: opening the certificate, loading the module, signing in, calling a cmdlet. */
export type Stage = "certificate" | "module" | "connect" | "invoke";

/** Advice that may name hosts and domains of the tenant's cloud. */
export type AdviceInCloud = Advice | ((environment: ExchangeEnvironment) => Advice);

/** One row of the table errors are told by. Every condition it states must hold. */
export type ErrorRule = {
  code: ErrorCode;
  advice: AdviceInCloud;
  stages?: readonly Stage[];
  types?: readonly string[];
  statuses?: readonly number[];
  hresult?: number;
  text?: RegExp;
  /** Holds also where Exchange names a type this rule does not: names and addresses people chose stand in such texts. */
  isSure?: true;
  /** Exchange's own sentence says what whoever asked can act on. */
  isForEmployees?: true;
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

/** What can be told from one error of PowerShell. */
export type ErrorEvidence = {
  /** The exception's type as Exchange names it inside the message ("Ex6F9304|Full.Type.Name|text"), last part. */
  exchangeType: string | undefined;
  /** That type, the reason, and where Exchange names none the .NET types: last parts. MSAL's is there where it was wrapped. */
  types: ReadonlySet<string>;
  /** The HTTP status; a Get-EXO cmdlet whose connection broke gives 0. */
  status: number | undefined;
  hresults: readonly number[];
  /** Every message, outermost first, in words: without what the module always says before them, and without JSON. */
  text: string;
  /** What of it stands behind the type that Exchange names. */
  sentence: string;
};

const marked = /(?:^|[|\s"'])([A-Za-z_][\w.+]*Exception)\|/;

/** What the module says before the words of every MsalServiceException, whatever they are: its number means nothing. */
const msalPreface =
  /Case when Message contains:\s*AADSTS70011(?:.{0,150}?Mitigation:\s*change the scope to be as expected)?/gs;

const msalType = "MsalServiceException";

/** What the Get-EXO cmdlets say of every failure, and nothing more. */
const sayNothing =
  /^(?:Error while querying REST service\.(?:\s+HttpStatusCode=\d+)?\s+ErrorMessage=|An error occurred while processing this request\.|An error was read from the payload\. See the 'Error' property for more details\.)?$/;

/** Where a server's JSON answer begins. */
const answerStart = /\{\s*"[^"]*"\s*:/;

const statusInText = [
  /HttpStatusCode=(\d+)/,
  /status code does not indicate success: (\d{3})/i,
  /StatusCode: (\d{3})/,
  /returned an error: \((\d{3})\)/i,
];

/** Reads an error as the ExchangeOnlineManagement module writes it. */
export function readEvidence(record: ErrorRecord): ErrorEvidence {
  const messages = record.exceptions.map(({ message }) => message);
  const words = messages.flatMap(inWords);
  const telling = words.filter((text) => !sayNothing.test(text));
  const text = withoutRepeats(telling.length > 0 ? telling : words.slice(0, 1)).join("\n");
  const mark = marked.exec(text);
  const exchangeType = mark?.[1];
  const isWrapped = messages.some((message) => message.search(msalPreface) !== -1);
  const named = exchangeType === undefined ? record.exceptions.map(({ type }) => type) : [exchangeType];
  return {
    exchangeType: exchangeType && lastPart(exchangeType),
    types: new Set([...named, record.reason, ...(isWrapped ? [msalType] : [])].map(lastPart)),
    status: statusOf(messages),
    hresults: record.exceptions.map(({ hresult }) => hresult),
    text,
    sentence: mark ? text.slice(mark.index + mark[0].length) : text,
  };
}

/** An outer exception often holds the words of the inner ones already. */
function withoutRepeats(messages: readonly string[]): string[] {
  return messages.filter((message, index) => !messages.slice(0, index).some((outer) => outer.includes(message)));
}

/** What stands before a server's JSON answer, and what that answer says. Its JSON is for nobody to read. */
function inWords(message: string): string[] {
  const text = message.replaceAll(msalPreface, "").trim();
  const start = text.search(answerStart);
  if (start === -1) return [text];
  return [text.slice(0, start).trim(), saidIn(text.slice(start))].filter((words) => words !== "");
}

function saidIn(answer: string): string {
  try {
    const { error } = JSON.parse(answer.slice(0, answer.lastIndexOf("}") + 1));
    const text: unknown = error?.details?.[0]?.message || error?.innererror?.message || error?.message;
    return typeof text === "string" ? text.trim() : "";
  } catch {
    return "";
  }
}

function statusOf(messages: readonly string[]): number | undefined {
  for (const message of messages) {
    const status = statusInText.map((pattern) => pattern.exec(message)?.[1]).find((found) => found !== undefined);
    if (status !== undefined) return Number(status);
  }
  return undefined;
}

function lastPart(typeName: string): string {
  return typeName.slice(Math.max(typeName.lastIndexOf("."), typeName.lastIndexOf("+")) + 1);
}
