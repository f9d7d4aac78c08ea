import type { ErrorRule } from "#exchange/errors/rule";

/** What a cmdlet answers that names no type: told by status and text, and surely read only where no type is named. */
export const untypedAnswerRules: readonly ErrorRule[] = inAnswers([
  {
    code: "PAGE_LINK_EXPIRED",
    text: /Expired or Invalid pagination request/i,
    advice: {
      what: "The link to the next page has expired: the rows were read too slowly.",
      fix: "Read again from the start.",
    },
  },
  {
    code: "NOT_CONNECTED",
    text: /You must call (?:the )?Connect-ExchangeOnline/i,
    advice: { what: "The session is not connected to Exchange any more.", fix: "The next call opens another one." },
  },
  {
    code: "COMMAND_NOT_PERMITTED",
    text: /is not allowed to call /,
    advice: { what: "The app may not use this cmdlet.", fix: "Give it an Exchange role that has the cmdlet." },
  },
  {
    code: "NOT_CONNECTED",
    statuses: [401],
    advice: { what: "Exchange no longer takes the session's token.", fix: "The next call signs in again." },
  },
  {
    code: "NOT_CONNECTED",
    text: /^\s*Unauthorized\.?\s*$/i,
    advice: { what: "Exchange no longer takes the session's token.", fix: "The next call signs in again." },
  },
  {
    code: "DIRECTORY_ROLE_MISSING",
    statuses: [403],
    advice: {
      what: "Exchange does not let the app do this.",
      fix: "Check that its service principal still has the Exchange Administrator or Exchange Recipient Administrator role.",
    },
  },
  {
    code: "OBJECT_NOT_FOUND",
    statuses: [404],
    text: /couldn['’]t be found|couldn['’]t find/i,
    advice: {
      what: "Exchange knows no such object.",
      fix: "Check the spelling; one made a few minutes ago may not be known everywhere yet.",
    },
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /^\s*The resource could not be found\.?\s*$/i,
    advice: {
      what: "Exchange answered that nothing is there, without saying what was missing.",
      fix: "Try again in a few minutes.",
    },
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    statuses: [404],
    advice: {
      what: "Exchange answered that nothing is there, without saying what was missing.",
      fix: "Try again in a few minutes.",
    },
  },
  {
    code: "PARAMETERS_REJECTED",
    statuses: [400],
    advice: { what: "Exchange did not take the parameters.", fix: "The caller has to be corrected." },
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /issue may be transient/i,
    advice: { what: "Exchange has trouble that passes.", fix: "Try again in a few minutes." },
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /Conversion from JSON failed|A server side error has occurred|Root element is missing|Cannot bind argument to parameter 'ResultObject'|Maximum retry count reached|does not contain a method named/i,
    advice: {
      what: "Exchange's answer was not whole, so it is not known what it would have said: trouble that passes, or a cmdlet the app may not use.",
      fix: "Try again; where it stays so, check the app's roles.",
    },
  },
]);

/** The same statuses and words mean something else while connecting. */
function inAnswers(rules: readonly Omit<ErrorRule, "stages">[]): readonly ErrorRule[] {
  return rules.map((rule) => ({ ...rule, stages: ["invoke"] }));
}
