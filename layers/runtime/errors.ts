import { visibleText } from "#runtime/text";

/** What a code means to whoever meets it: whether the same request may succeed later, and what an employee is told. */
type ErrorMeaning = {
  /**
   * Whose trouble it is. "request": what was asked for is not there, not clear or not allowed, and whoever asked can change
   * that. "service": the people who run the gateway have to look at it. "passing": it passes by itself.
   */
  trouble: "request" | "service" | "passing";
  retryable: boolean;
  userMessage: string;
};

const later = "Exchange cannot be reached right now. Please try again in a few minutes.";
const lookAtIt = "The people who run this service have to look at it.";

function ofRequest<Text extends string>(userMessage: Text) {
  return { trouble: "request", retryable: false, userMessage } as const;
}

const ours = {
  trouble: "service",
  retryable: false,
  userMessage: `Something is wrong with the connection to Exchange. ${lookAtIt}`,
} as const;

/** Of ours too, and may be over when the same is tried again. */
const oursForNow = { ...ours, retryable: true } as const;

const passing = { trouble: "passing", retryable: true, userMessage: later } as const;

/** Every error code of the gateway. docs/errors.md has a row for each. */
export const errorCodes = {
  // What a caller sent
  EVENT_INVALID: ofRequest("The request was not understood."),
  IDENTITY_INVALID: ofRequest("That name or address cannot be looked up."),
  CONTENT_INVALID: ofRequest("A name, a text or the number of people in the request is not as it may be."),
  PARAMETER_INVALID: ofRequest("The request holds text that Exchange cannot take."),

  // How the function is set up
  CONFIGURATION_INVALID: ours,
  SECRET_NOT_FOUND: ours,
  SECRET_UNREADABLE: oursForNow,

  // The credential, before anything is sent
  CREDENTIAL_INVALID: ours,
  CREDENTIAL_LEGACY: ours,
  CERTIFICATE_NOT_PFX: ours,
  CERTIFICATE_PASSWORD_WRONG: ours,
  CERTIFICATE_WITHOUT_KEY: ours,
  CERTIFICATE_NOT_YET_VALID: ours,
  CERTIFICATE_EXPIRED: ours,

  // Sign-in
  CERTIFICATE_NOT_REGISTERED: ours,
  APP_NOT_FOUND: ours,
  TENANT_NOT_FOUND: ours,
  RESOURCE_NOT_FOUND: ours,
  CLOCK_WRONG: oursForNow,
  APP_ROLE_MISSING: ours,
  DIRECTORY_ROLE_MISSING: ours,
  SIGN_IN_REFUSED: ours,
  SIGN_IN_FAILED: passing,

  // The PowerShell child
  POWERSHELL_NOT_FOUND: ours,
  POWERSHELL_START_FAILED: oursForNow,
  POWERSHELL_EXITED: passing,
  POWERSHELL_TIMEOUT: passing,
  POWERSHELL_GARBLED: passing,
  MODULE_UNUSABLE: ours,

  // What Exchange answered
  COMMAND_NOT_PERMITTED: ours,
  PARAMETER_NOT_PERMITTED: ours,
  OUTSIDE_WRITE_SCOPE: { ...ours, userMessage: `This service may not change this list. ${lookAtIt}` },
  PARAMETERS_REJECTED: ours,
  OBJECT_NOT_FOUND: ofRequest("Exchange knows nobody and no list of that name."),
  OBJECT_AMBIGUOUS: ofRequest("That name fits several people or lists. Please give the address."),
  OBJECT_NOT_EXACT: ofRequest("Nothing has exactly that name. Please give the exact name or the address."),
  OBJECT_NOT_YET_KNOWN: {
    trouble: "passing",
    retryable: true,
    userMessage:
      "Something in the request is so new that Exchange does not know it everywhere. Please try again in a few minutes.",
  },
  MAILBOX_MISSING: ofRequest("That account has no mailbox yet."),
  ALREADY_MEMBER: ofRequest("This person is in the list already."),
  NOT_GROUP_MANAGER: { ...ours, userMessage: `This service may not change this list. ${lookAtIt}` },
  NAME_IN_USE: ofRequest("That name is taken. Please choose another one."),
  ADDRESS_IN_USE: ofRequest("That address is taken. Please choose another one."),
  MASTERED_ON_PREMISES: ofRequest("This object is kept on-premises and cannot be changed here."),
  GROUP_TYPE_UNSUPPORTED: ofRequest("This kind of list cannot be changed here."),
  CHANGE_REFUSED: ofRequest("Exchange does not allow this change."),
  VALUE_REFUSED: ofRequest("Exchange does not accept one of the names or texts. Please choose another one."),
  DOMAIN_NOT_ACCEPTED: ofRequest("That address does not belong to this organization. Please choose another one."),
  DIRECTORY_WRITE_FAILED: passing,
  DIRECTORY_WRITE_DENIED: {
    ...ours,
    userMessage: `Exchange may not make this change in Microsoft Entra ID. ${lookAtIt}`,
  },
  DIRECTORIES_DISAGREE: {
    ...ours,
    userMessage: `Exchange and Microsoft Entra ID do not agree who is in this list. ${lookAtIt}`,
  },
  THROTTLED: passing,
  EXCHANGE_TRANSIENT: passing,
  PAGE_LINK_EXPIRED: passing,
  NOT_CONNECTED: passing,
  ANSWER_TRUNCATED: ours,
  OUTCOME_UNKNOWN: {
    ...ours,
    userMessage: "It is not yet known whether the change was made. It is being looked into.",
  },
  EXCHANGE_REFUSED: { ...ours, userMessage: `Exchange refused the request. ${lookAtIt}` },

  // Operations
  REQUEST_EXPIRED: ofRequest("The request is too old. Please ask again."),
  OPERATION_ID_REUSED: ofRequest("Another request was made under the same number."),
  CLAIM_LOST: { ...passing, userMessage: "The request is being worked on already." },

  // Snapshots and what they lie on
  RUN_IN_PROGRESS: { ...passing, userMessage: "The same run is going on already." },
  RUN_TAKEN_OVER: ofRequest("Another run took over. Its answer counts."),
  RUN_OUTDATED: ofRequest("A newer answer was published meanwhile."),
  ROWS_REJECTED: ours,
  SNAPSHOT_INCOMPLETE: passing,
  SNAPSHOT_EMPTY: ours,
  SNAPSHOT_SHRUNK: ours,
  STORAGE_DENIED: ours,
  STORAGE_UNAVAILABLE: passing,
  STORAGE_CORRUPT: ours,

  DEADLINE_TOO_CLOSE: passing,
  UNEXPECTED: ours,
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorCode = keyof typeof errorCodes;

/** What happened, in sentences, and what to do about it where there is something to do. */
export type Advice = { readonly what: string; readonly fix?: string };

/** The same in one text. */
export function adviceText({ what, fix }: Advice): string {
  return fix === undefined ? what : `${what} ${fix}`;
}

type Options = { cause?: unknown; retryable?: boolean; userMessage?: string };

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

  constructor(code: ErrorCode, said: string | Advice, { cause, retryable, userMessage }: Options = {}) {
    const { what, fix }: Advice = typeof said === "string" ? { what: said } : said;
    const advice = { what: visibleText(what), ...(fix === undefined ? {} : { fix: visibleText(fix) }) };
    super(adviceText(advice), cause === undefined ? undefined : { cause });
    this.name = code;
    this.advice = advice;
    this.code = code;
    this.retryable = retryable ?? errorCodes[code].retryable;
    this.userMessage = userMessage ?? errorCodes[code].userMessage;
  }
}

/** Any thrown value as an ExchangeError: itself, or `UNEXPECTED` with the value as its cause. */
export function toExchangeError(thrown: unknown): ExchangeError {
  if (thrown instanceof ExchangeError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new ExchangeError("UNEXPECTED", message, { cause: thrown });
}
