/** What a fault is about unless it says host, path or cmdlet itself. */
const scopes = {
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
    value: { name: "TEXT" },
    about: "400 with UnableToWriteToAadException and the reason that Entra ID gave",
  },
  "write-scope": { scope: "calls", about: "400 as where the object lies outside what the app's roles may write" },
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

function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(faultKinds, text);
}

/** Trouble that the local Exchange Online makes. Without `host`, `path` or `cmdlet` it meets what its kind is about. */
export type Fault = {
  name: FaultName;
  value?: string | number;
  /** Parts of the host and path, and the cmdlet's whole name: only requests that have all of those given are met. */
  host?: string;
  path?: string;
  cmdlet?: string;
  /** How many requests it lets pass first. */
  after?: number;
  /** How many requests it meets then; all of them by default. */
  times?: number;
  /** Carries the request out before the fault answers in its place: the answer is lost, the change is made. */
  isCarriedOut?: boolean;
};

const options = ["host", "path", "cmdlet", "after", "times"] as const;
const carriedOut = "carried-out";

/** A name, and behind `=` a value: in quotes, where a quote stands twice, or up to the next comma. */
const part = /\s*(?<name>[^=,"]*?)\s*(?:=\s*(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>(?!")[^,]*?))\s*)?(?:,|$)/y;

type Part = { text: string; name: string; value: string | undefined };

/**
 * Reads `throttle`, `slow=200`, `hang,path=/Recipient,after=2,times=1` or `warning="Text, with a comma"`; throws an Error
 * that says what is wrong.
 */
export function parseFault(text: string): Fault {
  const [kind, ...rest] = splitParts(text);
  const { name, value } = kind;
  if (!isFaultName(name))
    throw new Error(`There is no fault "${name}". Faults are ${Object.keys(faultKinds).join(", ")}.`);
  const fault: Fault = { name, ...(value === undefined ? {} : { value }) };
  for (const part of rest) Object.assign(fault, parseOption(part));
  checkFault(fault);
  return fault;
}

/** Throws an Error where the fault's value or counts are none it can work with. */
export function checkFault({ name, value, after, times }: Fault): void {
  const { value: wanted } = faultKinds[name];
  if (wanted === undefined && value !== undefined) throw new Error(`The fault ${name} takes no value.`);
  if (wanted?.isNeeded && value === undefined)
    throw new Error(`The fault ${name} needs a value: ${name}=${wanted.name}.`);
  if (wanted?.isNumber && value !== undefined && !/^-?\d{1,9}$/.test(String(value))) {
    throw new Error(`${wanted.name} of the fault ${name} has to be a whole number, not "${value}".`);
  }
  for (const [option, count] of Object.entries({ after, times })) {
    if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0)) {
      throw new Error(`"${option}" of the fault ${name} has to be a whole number from 0 up.`);
    }
  }
}

/** What there is to switch on, a line each, for a command's help. */
export function faultHelp(): string {
  const lines = Object.entries(faultKinds).map(([name, { value, scope, about }]) => {
    const shown = value === undefined ? name : value.isNeeded ? `${name}=${value.name}` : `${name}[=${value.name}]`;
    return `  ${shown.padEnd(28)}${about} (${scopes[scope]})`;
  });
  return [
    ...lines,
    "",
    "Behind a fault may stand, after commas: path=TEXT, host=TEXT, cmdlet=NAME (only requests that fit, and then of any",
    "kind), after=N (lets N requests pass first), times=N (meets N requests only), carried-out (what was asked is done,",
    "and its answer lost). Example: --fault unavailable,cmdlet=Get-User,after=1,times=2",
    'A value with a comma stands in quotes, and a quote in it twice: --fault \'warning="One, ""two"""\'',
  ].join("\n");
}

function splitParts(text: string): [Part, ...Part[]] {
  const read = (start: number): [Part, ...Part[]] => {
    part.lastIndex = start;
    const match = part.exec(text);
    if (!match)
      throw new Error(
        `A value with a comma stands in quotes, and a quote in it twice: warning="One, ""two""". Not: ${text}`,
      );
    const { name = "", quoted, plain } = match.groups ?? {};
    const found = { text: match[0].replace(/,$/, "").trim(), name, value: quoted?.replaceAll('""', '"') ?? plain };
    return match[0].endsWith(",") ? [found, ...read(part.lastIndex)] : [found];
  };
  return read(0);
}

function parseOption({ text, name, value }: Part): Partial<Fault> {
  if (text === carriedOut) return { isCarriedOut: true };
  const option = options.find((known) => known === name);
  if (option === undefined || !value) {
    const known = [...options.map((each) => `${each}=…`), carriedOut].join(", ");
    throw new Error(`"${text}" is no option of a fault. Options are ${known}.`);
  }
  return { [option]: option === "after" || option === "times" ? toCount(option, value) : value };
}

function toCount(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`"${option}" has to be a whole number from 0 up, not "${text}".`);
  return Number(text);
}
