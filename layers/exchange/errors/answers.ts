import type { ErrorRule } from "#exchange/errors/rule";

const transientTypes = [
  "ADTransientException",
  "ADServerSettingsChangedException",
  "DCOverloadedException",
  "SuitabilityDirectoryException",
  "ServerInMMException",
  "StorageTransientException",
];

const unfitTypes = [
  "AmbiguousParameterSetException",
  "ParameterBindingException",
  "ParameterBindingValidationException",
  "ParameterBindingArgumentTransformationException",
  "ODataException",
];

/** What a cmdlet answers, told by the exception's type that Exchange writes into the message. */
export const answerRules: readonly ErrorRule[] = [
  {
    code: "OBJECT_AMBIGUOUS",
    types: ["ManagementObjectNotFoundException"],
    text: /' matches multiple entries\.?["\s]*$/,
    sentence: "Several objects fit the identity. Name one by its address, GUID or distinguished name.",
  },
  {
    code: "OBJECT_AMBIGUOUS",
    types: ["ManagementObjectAmbiguousException"],
    sentence: "Several objects fit the identity. Name one by its address, GUID or distinguished name.",
  },
  {
    code: "OBJECT_NOT_FOUND",
    types: ["ManagementObjectNotFoundException"],
    sentence:
      "Exchange knows no such object. Check the spelling; one made a few minutes ago may not be known everywhere yet.",
  },
  { code: "ALREADY_MEMBER", types: ["MemberAlreadyExistsException"], sentence: "The member is in the group already." },
  {
    code: "NOT_GROUP_MANAGER",
    types: ["OperationRequiresGroupManagerException"],
    sentence:
      "Exchange lets only the group's managers do this. Send BypassSecurityGroupManagerCheck, and give the app's role group the role Security Group Creation and Membership if the session lacks that parameter.",
  },
  {
    code: "NAME_IN_USE",
    types: ["NameNotAvailableException", "ADObjectAlreadyExistsException"],
    sentence: "An object of that name exists already. Choose another name, unless this very request made it.",
  },
  {
    code: "ADDRESS_IN_USE",
    types: ["ProxyAddressExistsException"],
    sentence:
      "The address or alias belongs to another object already. Choose another one, unless this very request made it.",
  },
  {
    code: "MASTERED_ON_PREMISES",
    types: ["InvalidOperationException"],
    text: /synchronized from your on-premises organization/,
    sentence: "The object is kept in the on-premises directory. It has to be changed there.",
  },
  {
    code: "GROUP_TYPE_UNSUPPORTED",
    types: ["RecipientTaskException"],
    text: /not supported on GroupMailbox/,
    sentence:
      "The group is a Microsoft 365 group, which is no distribution list. It has to be changed in Microsoft 365.",
  },
  {
    code: "CHANGE_REFUSED",
    types: ["RecipientTaskException"],
    sentence: "Exchange does not make this change to this kind of object. Its answer says why.",
  },
  {
    code: "VALUE_REFUSED",
    types: ["DataValidationException"],
    sentence:
      "A value is not one the object may have: too long, of unfit characters, or against the organization's naming policy. Exchange's answer says which.",
  },
  {
    code: "DOMAIN_NOT_ACCEPTED",
    types: ["NotAcceptedDomainException"],
    sentence: "The address is at a domain that is none of the organization's. Choose an address at one of its domains.",
  },
  {
    code: "DIRECTORY_WRITE_FAILED",
    types: ["UnableToWriteToAadException"],
    // Two directories are written, one after the other.
    isUnsettled: true,
    sentence:
      "Exchange could not write to Microsoft Entra ID. Try again; where it stays so, Exchange's answer says why.",
  },
  {
    code: "EXCHANGE_TRANSIENT",
    types: transientTypes,
    // They tell of time-outs too, which a write may outlive.
    isUnsettled: true,
    sentence: "Exchange has trouble that passes. Try again in a few minutes.",
  },
  // "Cannot bind argument to parameter 'ResultObject'" is about the answer, not about what was sent.
  {
    code: "PARAMETERS_REJECTED",
    types: unfitTypes,
    text: /^(?![\s\S]*'ResultObject')/,
    sentence:
      "The parameters do not fit together, or one has a value the cmdlet does not take. The caller has to be corrected.",
  },
  {
    code: "COMMAND_NOT_PERMITTED",
    types: ["CommandNotFoundException", "CmdletAccessDeniedException"],
    sentence: "The app may not use this cmdlet. Give it an Exchange role that has the cmdlet.",
  },
];

/** What a cmdlet answers that names no type: told by status and text, and surely read only where no type is named. */
export const untypedAnswerRules: readonly ErrorRule[] = inAnswers([
  {
    code: "PAGE_LINK_EXPIRED",
    text: /Expired or Invalid pagination request/i,
    sentence: "The link to the next page has expired: the rows were read too slowly. Read again from the start.",
  },
  {
    code: "NOT_CONNECTED",
    text: /You must call (?:the )?Connect-ExchangeOnline/i,
    sentence: "The session is not connected to Exchange any more. The next call opens another one.",
  },
  {
    code: "COMMAND_NOT_PERMITTED",
    text: /is not allowed to call /,
    sentence: "The app may not use this cmdlet. Give it an Exchange role that has the cmdlet.",
  },
  {
    code: "NOT_CONNECTED",
    statuses: [401],
    sentence: "Exchange no longer takes the session's token. The next call signs in again.",
  },
  {
    code: "NOT_CONNECTED",
    text: /^\s*Unauthorized\.?\s*$/i,
    sentence: "Exchange no longer takes the session's token. The next call signs in again.",
  },
  {
    code: "DIRECTORY_ROLE_MISSING",
    statuses: [403],
    sentence:
      "Exchange does not let the app do this. Check that its service principal still has the Exchange Administrator or Exchange Recipient Administrator role.",
  },
  {
    code: "OBJECT_NOT_FOUND",
    statuses: [404],
    text: /couldn['’]t be found|couldn['’]t find/i,
    sentence:
      "Exchange knows no such object. Check the spelling; one made a few minutes ago may not be known everywhere yet.",
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /^\s*The resource could not be found\.?\s*$/i,
    sentence: "Exchange answered that nothing is there, without saying what was missing. Try again in a few minutes.",
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    statuses: [404],
    sentence: "Exchange answered that nothing is there, without saying what was missing. Try again in a few minutes.",
  },
  {
    code: "PARAMETERS_REJECTED",
    statuses: [400],
    sentence: "Exchange did not take the parameters. The caller has to be corrected.",
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /issue may be transient/i,
    sentence: "Exchange has trouble that passes. Try again in a few minutes.",
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /Conversion from JSON failed|A server side error has occurred|Root element is missing|Cannot bind argument to parameter 'ResultObject'|Maximum retry count reached|does not contain a method named/i,
    sentence:
      "Exchange's answer was not whole, so it is not known what it would have said: trouble that passes, or a cmdlet the app may not use. Try again; where it stays so, check the app's roles.",
  },
]);

/** The same statuses and words mean something else while connecting. */
function inAnswers(rules: readonly Omit<ErrorRule, "stages">[]): readonly ErrorRule[] {
  return rules.map((rule) => ({ ...rule, stages: ["invoke"] }));
}
