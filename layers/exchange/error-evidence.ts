import type { ErrorRecord } from "#powershell/frames";

/** What can be told from one error of PowerShell. */
export type ErrorEvidence = {
  /** The exception's type as Exchange names it inside the message ("Ex6F9304|Full.Type.Name|text"), last part. */
  exchangeType: string | undefined;
  /** That type, the reason, and where Exchange names none the .NET types: last parts. */
  types: ReadonlySet<string>;
  /** The HTTP status; a Get-EXO cmdlet whose connection broke gives 0. */
  status: number | undefined;
  hresults: readonly number[];
  /** Every message, outermost first; without JSON around it. */
  text: string;
};

const marked = /(?:^|[|\s"'])([A-Za-z_][\w.+]*Exception)\|/;
const restFailure = /^Error while querying REST service\.\s+HttpStatusCode=(\d+)\s+ErrorMessage=(.*)$/s;
const statusInText = [
  /HttpStatusCode=(\d+)/,
  /status code does not indicate success: (\d{3})/i,
  /StatusCode: (\d{3})/,
  /returned an error: \((\d{3})\)/i,
];

/** Reads an error as the ExchangeOnlineManagement module writes it. */
export function readEvidence(record: ErrorRecord): ErrorEvidence {
  const messages = record.exceptions.map(({ message }) => message);
  const text = withoutRepeats(messages.map(unwrap)).join("\n");
  const exchangeType = marked.exec(text)?.[1];
  const named = exchangeType === undefined ? record.exceptions.map(({ type }) => type) : [exchangeType];
  return {
    exchangeType: exchangeType && lastPart(exchangeType),
    types: new Set([...named, record.reason].map(lastPart)),
    status: statusOf(messages),
    hresults: record.exceptions.map(({ hresult }) => hresult),
    text,
  };
}

/** An outer exception often holds the words of the inner ones already. */
function withoutRepeats(messages: readonly string[]): string[] {
  return messages.filter((message, index) => !messages.slice(0, index).some((outer) => outer.includes(message)));
}

/** The Get-EXO cmdlets put the server's whole JSON answer into their message: what Exchange said lies deep inside. */
function unwrap(message: string): string {
  const body = restFailure.exec(message.trim())?.[2];
  if (body === undefined) return message;
  return messageIn(body) ?? message;
}

function messageIn(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body);
    const text: unknown = error?.details?.[0]?.message || error?.innererror?.message || error?.message;
    return typeof text === "string" && text !== "" ? text : undefined;
  } catch {
    return undefined;
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
  return typeName.slice(typeName.search(/[^.+]+$/));
}
