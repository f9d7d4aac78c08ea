/** What a fault is about unless it says host, path or cmdlet itself. */
export const scopes = {
  all: "everything",
  exchange: "every request to Exchange",
  calls: "InvokeCommand and Recipient",
  token: "token requests",
} as const;

export type Scope = keyof typeof scopes;

type FaultKind = {
  scope: Scope;
  value?: { name: string; isNeeded?: true; isNumber?: true };
  about: string;
};

const kinds = {
  throttle: {
    scope: "calls",
    value: { name: "SECONDS", isNumber: true },
    about: "429 with its JSON body, and Retry-After where a number is given",
  },
  unavailable: { scope: "calls", about: "503 with a JSON body" },
  "gateway-timeout": { scope: "calls", about: "504 with a JSON body" },
  transient: { scope: "calls", value: { name: "TYPE" }, about: "500 with ADTransientException, or another type" },
  "directory-write": {
    scope: "calls",
    about: "400 with UnableToWriteToAadException, as if Entra ID had not taken the change",
  },
  "not-found": { scope: "calls", about: "404 that has nothing to do with the request" },
  "empty-error": {
    scope: "calls",
    value: { name: "STATUS", isNumber: true },
    about: "500, or another status, without a body",
  },
  "nul-403": { scope: "calls", about: "403 whose body is NUL bytes that claim to be gzip" },
  malformed: { scope: "calls", about: "200 whose JSON breaks off in the middle" },
  reset: { scope: "calls", about: "the connection is reset instead of an answer" },
  hang: { scope: "calls", about: "no answer, and the connection stays open" },
  slow: {
    scope: "all",
    value: { name: "MS", isNeeded: true, isNumber: true },
    about: "answers after that many milliseconds",
  },
  "expired-token": { scope: "exchange", about: "401 as if the token had expired" },
  "claims-challenge": {
    scope: "exchange",
    about: "401 with claims, until a token is used that was asked for with them",
  },
  "no-app-role": { scope: "exchange", about: "401: the app has no Exchange.ManageAsApp" },
  "no-directory-role": { scope: "exchange", about: "403: the app has no directory role" },
  "sign-in-refusal": {
    scope: "token",
    value: { name: "AADSTS", isNeeded: true, isNumber: true },
    about: "a refusal with that AADSTS number",
  },
  clock: {
    scope: "all",
    value: { name: "SECONDS", isNeeded: true, isNumber: true },
    about: "the server's clock is that much ahead, or behind if negative",
  },
  "cut-list": { scope: "calls", about: "a page comes without the link to the next one" },
  "repeat-page": { scope: "calls", about: "every page after the first is answered twice" },
  "short-list": { scope: "calls", value: { name: "ROWS", isNumber: true }, about: "lists lack a row, or that many" },
  "late-objects": {
    scope: "calls",
    value: { name: "SECONDS", isNeeded: true, isNumber: true },
    about: "objects younger than that are not known yet",
  },
  "link-expiry": {
    scope: "calls",
    value: { name: "SECONDS", isNeeded: true, isNumber: true },
    about: "links to next pages die after that time",
  },
  warning: { scope: "calls", value: { name: "TEXT", isNeeded: true }, about: "answers carry this warning" },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultName = keyof typeof kinds;

/** Every fault there is. */
export const faultKinds: Readonly<Record<FaultName, FaultKind>> = kinds;

export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(faultKinds, text);
}
