import { visibleText } from "#runtime/text";

/** What a code means to whoever meets it: whether the same request may succeed later, and what an employee is told. */
type ErrorMeaning = { retryable: boolean; userMessage: string };

const later = "Exchange cannot be reached right now. Please try again in a few minutes.";
const ours = "Something is wrong with the connection to Exchange. The people who run this service have to look at it.";

/** Every error code of the gateway. docs/errors.md has a row for each. */
export const errorCodes = {
  // What a caller sent
  EVENT_INVALID: { retryable: false, userMessage: "The request was not understood." },
  IDENTITY_INVALID: { retryable: false, userMessage: "That name or address cannot be looked up." },
  PARAMETER_INVALID: { retryable: false, userMessage: "The request holds text that Exchange cannot take." },

  // How the function is set up
  CONFIGURATION_INVALID: { retryable: false, userMessage: ours },
  SECRET_NOT_FOUND: { retryable: false, userMessage: ours },
  SECRET_UNREADABLE: { retryable: true, userMessage: ours },

  // The credential, before anything is sent
  CREDENTIAL_INVALID: { retryable: false, userMessage: ours },
  CREDENTIAL_LEGACY: { retryable: false, userMessage: ours },
  CERTIFICATE_NOT_PFX: { retryable: false, userMessage: ours },
  CERTIFICATE_PASSWORD_WRONG: { retryable: false, userMessage: ours },
  CERTIFICATE_WITHOUT_KEY: { retryable: false, userMessage: ours },
  CERTIFICATE_NOT_YET_VALID: { retryable: false, userMessage: ours },
  CERTIFICATE_EXPIRED: { retryable: false, userMessage: ours },

  // Sign-in
  CERTIFICATE_NOT_REGISTERED: { retryable: false, userMessage: ours },
  APP_NOT_FOUND: { retryable: false, userMessage: ours },
  TENANT_NOT_FOUND: { retryable: false, userMessage: ours },
  RESOURCE_NOT_FOUND: { retryable: false, userMessage: ours },
  CLOCK_WRONG: { retryable: true, userMessage: ours },
  APP_ROLE_MISSING: { retryable: false, userMessage: ours },
  DIRECTORY_ROLE_MISSING: { retryable: false, userMessage: ours },
  SIGN_IN_REFUSED: { retryable: false, userMessage: ours },
  SIGN_IN_FAILED: { retryable: true, userMessage: later },

  // The PowerShell child
  POWERSHELL_NOT_FOUND: { retryable: false, userMessage: ours },
  POWERSHELL_START_FAILED: { retryable: true, userMessage: ours },
  POWERSHELL_EXITED: { retryable: true, userMessage: later },
  POWERSHELL_TIMEOUT: { retryable: true, userMessage: later },
  POWERSHELL_GARBLED: { retryable: true, userMessage: later },
  MODULE_UNUSABLE: { retryable: false, userMessage: ours },

  // What Exchange answered
  COMMAND_NOT_PERMITTED: { retryable: false, userMessage: ours },
  PARAMETER_NOT_PERMITTED: { retryable: false, userMessage: ours },
  PARAMETERS_REJECTED: { retryable: false, userMessage: ours },
  OBJECT_NOT_FOUND: { retryable: false, userMessage: "Exchange knows nobody and no list of that name." },
  OBJECT_AMBIGUOUS: {
    retryable: false,
    userMessage: "That name fits several people or lists. Please give the address.",
  },
  ALREADY_MEMBER: { retryable: false, userMessage: "This person is in the list already." },
  NOT_GROUP_MANAGER: { retryable: false, userMessage: "Only an owner of the list may change it." },
  NAME_IN_USE: { retryable: false, userMessage: "That name is taken. Please choose another one." },
  ADDRESS_IN_USE: { retryable: false, userMessage: "That address is taken. Please choose another one." },
  MASTERED_ON_PREMISES: {
    retryable: false,
    userMessage: "This object is kept on-premises and cannot be changed here.",
  },
  GROUP_TYPE_UNSUPPORTED: { retryable: false, userMessage: "This kind of list cannot be changed here." },
  CHANGE_REFUSED: { retryable: false, userMessage: "Exchange does not allow this change." },
  VALUE_REFUSED: {
    retryable: false,
    userMessage: "Exchange does not accept one of the names or texts. Please choose another one.",
  },
  DOMAIN_NOT_ACCEPTED: {
    retryable: false,
    userMessage: "That address does not belong to this organization. Please choose another one.",
  },
  DIRECTORY_WRITE_FAILED: { retryable: true, userMessage: later },
  THROTTLED: { retryable: true, userMessage: later },
  EXCHANGE_TRANSIENT: { retryable: true, userMessage: later },
  PAGE_LINK_EXPIRED: { retryable: true, userMessage: later },
  NOT_CONNECTED: { retryable: true, userMessage: later },
  ANSWER_TRUNCATED: { retryable: false, userMessage: ours },
  OUTCOME_UNKNOWN: {
    retryable: false,
    userMessage: "It is not yet known whether the change was made. It is being looked into.",
  },
  EXCHANGE_REFUSED: { retryable: false, userMessage: "Exchange refused the request." },

  // Operations
  REQUEST_EXPIRED: { retryable: false, userMessage: "The request is too old. Please ask again." },
  OPERATION_ID_REUSED: { retryable: false, userMessage: "Another request was made under the same number." },
  CLAIM_LOST: { retryable: true, userMessage: "The request is being worked on already." },

  // Snapshots and what they lie on
  RUN_IN_PROGRESS: { retryable: true, userMessage: "The same run is going on already." },
  RUN_TAKEN_OVER: { retryable: false, userMessage: "Another run took over. Its answer counts." },
  RUN_OUTDATED: { retryable: false, userMessage: "A newer answer was published meanwhile." },
  ROWS_REJECTED: { retryable: false, userMessage: ours },
  SNAPSHOT_INCOMPLETE: { retryable: true, userMessage: later },
  SNAPSHOT_EMPTY: { retryable: false, userMessage: ours },
  SNAPSHOT_SHRUNK: { retryable: false, userMessage: ours },
  STORAGE_DENIED: { retryable: false, userMessage: ours },
  STORAGE_UNAVAILABLE: { retryable: true, userMessage: later },
  STORAGE_CORRUPT: { retryable: false, userMessage: ours },

  DEADLINE_TOO_CLOSE: { retryable: true, userMessage: later },
  UNEXPECTED: { retryable: false, userMessage: ours },
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorCode = keyof typeof errorCodes;

/** What happened, in sentences, and what to do about it where there is something to do. */
export type Advice = { readonly what: string; readonly fix?: string };

/** The same in one text. */
export function adviceText({ what, fix }: Advice): string {
  return fix === undefined ? what : `${what} ${fix}`;
}

type Options = { cause?: unknown; retryable?: boolean };

/**
 * The one error of the gateway. `message` is for the people who run it: what happened and what to do, never a secret, and
 * nothing that moves a cursor: Lambda logs it too.
 * `name` is the code too, because Lambda shows an error's name as its type. `userMessage` is a sentence an employee
 * understands. `retryable` says whether the same request may succeed later.
 */
export class ExchangeError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly userMessage: string;
  /** What `message` says, in its parts where they are known. */
  readonly advice: Advice;

  constructor(code: ErrorCode, said: string | Advice, { cause, retryable }: Options = {}) {
    const { what, fix }: Advice = typeof said === "string" ? { what: said } : said;
    const advice = { what: visibleText(what), ...(fix === undefined ? {} : { fix: visibleText(fix) }) };
    super(adviceText(advice), cause === undefined ? undefined : { cause });
    this.name = code;
    this.advice = advice;
    this.code = code;
    this.retryable = retryable ?? errorCodes[code].retryable;
    this.userMessage = errorCodes[code].userMessage;
  }
}

/** Any thrown value as an ExchangeError: itself, or `UNEXPECTED` with the value as its cause. */
export function toExchangeError(thrown: unknown): ExchangeError {
  if (thrown instanceof ExchangeError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new ExchangeError("UNEXPECTED", message, { cause: thrown });
}
