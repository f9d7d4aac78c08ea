import type { JsonValue } from "#local/exchange/answer/json-value";

/** A long-lived server forgets the oldest requests above this number. */
const maximumEntries = 100_000;

/** What was asked, without headers, tokens or assertions. */
export type LoggedRequest = {
  readonly at: Date;
  readonly method: string;
  readonly host: string;
  /** Without the query. */
  readonly path: string;
  /** The cmdlet that was called; Get-EXORecipient for Recipient. */
  readonly cmdlet: string | undefined;
  /** The cmdlet's parameters, or the options of the query. */
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** Undefined as long as no answer was sent. */
  status: number | undefined;
};

/** Adds an entry as soon as the request is there, so that one that is never answered is seen too. */
export function addToLog(log: LoggedRequest[], entry: Omit<LoggedRequest, "at" | "status">): LoggedRequest {
  const logged: LoggedRequest = { at: new Date(), ...entry, status: undefined };
  log.push(logged);
  if (log.length > maximumEntries) log.splice(0, log.length - maximumEntries);
  return logged;
}
