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
    advice: { what: "Several objects fit the identity.", fix: "Name one by its address, GUID or distinguished name." },
  },
  {
    code: "OBJECT_AMBIGUOUS",
    types: ["ManagementObjectAmbiguousException"],
    advice: { what: "Several objects fit the identity.", fix: "Name one by its address, GUID or distinguished name." },
  },
  {
    code: "OBJECT_NOT_FOUND",
    types: ["ManagementObjectNotFoundException"],
    advice: {
      what: "Exchange knows no such object.",
      fix: "Check the spelling; one made a few minutes ago may not be known everywhere yet.",
    },
  },
  {
    code: "ALREADY_MEMBER",
    types: ["MemberAlreadyExistsException"],
    advice: { what: "The member is in the group already." },
  },
  {
    code: "NOT_GROUP_MANAGER",
    types: ["OperationRequiresGroupManagerException"],
    advice: {
      what: "Exchange lets only the group's managers do this.",
      fix: "Send BypassSecurityGroupManagerCheck, and give the app's role group the role Security Group Creation and Membership if the session lacks that parameter.",
    },
  },
  {
    code: "NAME_IN_USE",
    types: ["NameNotAvailableException", "ADObjectAlreadyExistsException"],
    advice: {
      what: "An object of that name exists already.",
      fix: "Choose another name, unless this very request made it.",
    },
  },
  {
    code: "ADDRESS_IN_USE",
    types: ["ProxyAddressExistsException"],
    advice: {
      what: "The address or alias belongs to another object already.",
      fix: "Choose another one, unless this very request made it.",
    },
  },
  {
    code: "MASTERED_ON_PREMISES",
    types: ["InvalidOperationException"],
    text: /synchronized from your on-premises organization/,
    advice: { what: "The object is kept in the on-premises directory.", fix: "It has to be changed there." },
  },
  {
    code: "GROUP_TYPE_UNSUPPORTED",
    types: ["RecipientTaskException"],
    text: /not supported on GroupMailbox/,
    advice: {
      what: "The group is a Microsoft 365 group, which is no distribution list.",
      fix: "It has to be changed in Microsoft 365.",
    },
  },
  {
    code: "CHANGE_REFUSED",
    types: ["RecipientTaskException"],
    isForEmployees: true,
    advice: { what: "Exchange does not make this change to this kind of object.", fix: "Its answer says why." },
  },
  {
    code: "VALUE_REFUSED",
    types: ["DataValidationException"],
    isForEmployees: true,
    advice: {
      what: "A value is not one the object may have: too long, of unfit characters, or against the organization's naming policy.",
      fix: "Exchange's answer says which.",
    },
  },
  {
    code: "DOMAIN_NOT_ACCEPTED",
    types: ["NotAcceptedDomainException"],
    isForEmployees: true,
    advice: {
      what: "The address is at a domain that is none of the organization's.",
      fix: "Choose an address at one of its domains.",
    },
  },
  // Entra ID refuses before Exchange keeps anything; its reason decides, not the wrapper that calls it transient.
  {
    code: "ADDRESS_IN_USE",
    types: ["UnableToWriteToAadException"],
    text: /Another object with the same value for property (?:proxyAddresses|mail|mailNickname) already exists/i,
    advice: {
      what: "Another object in Microsoft Entra ID has the address, though none in Exchange does.",
      fix: "Choose another one, or find the other object in Microsoft Entra ID, deleted ones among them.",
    },
  },
  {
    code: "DIRECTORY_WRITE_DENIED",
    types: ["UnableToWriteToAadException"],
    text: /Insufficient privileges to complete the operation/i,
    advice: {
      what: "Exchange may not make this change in Microsoft Entra ID.",
      fix: "Where roles can be assigned to the group, or an administrative unit restricts it, only Microsoft Entra ID's administrators change it; else look at the app's roles.",
    },
  },
  {
    code: "DIRECTORIES_DISAGREE",
    types: ["UnableToWriteToAadException"],
    text: /One or more (?:added|removed) object references (?:already|do not) exist/i,
    advice: {
      what: "Microsoft Entra ID and Exchange do not agree who is in the group.",
      fix: "Compare both lists of members; taking the member out in one of them and adding it again brings them together.",
    },
  },
  {
    code: "DIRECTORY_WRITE_FAILED",
    types: ["UnableToWriteToAadException"],
    // Two directories are written, one after the other.
    isUnsettled: true,
    advice: {
      what: "Exchange could not write to Microsoft Entra ID.",
      fix: "Try again; where it stays so, Exchange's answer says why.",
    },
  },
  {
    code: "EXCHANGE_TRANSIENT",
    types: transientTypes,
    // They tell of time-outs too, which a write may outlive.
    isUnsettled: true,
    advice: { what: "Exchange has trouble that passes.", fix: "Try again in a few minutes." },
  },
  // "Cannot bind argument to parameter 'ResultObject'" is about the answer, not about what was sent.
  {
    code: "PARAMETERS_REJECTED",
    types: unfitTypes,
    text: /^(?![\s\S]*'ResultObject')/,
    advice: {
      what: "The parameters do not fit together, or one has a value the cmdlet does not take.",
      fix: "The caller has to be corrected.",
    },
  },
  {
    code: "COMMAND_NOT_PERMITTED",
    types: ["CommandNotFoundException", "CmdletAccessDeniedException"],
    advice: { what: "The app may not use this cmdlet.", fix: "Give it an Exchange role that has the cmdlet." },
  },
  {
    code: "OUTSIDE_WRITE_SCOPE",
    stages: ["invoke"],
    isSure: true,
    text: /(?:isn['’]t|is not) within your current write scopes?|is out of the current user['’]s write scope/i,
    advice: {
      what: "The object lies outside what the app's Exchange roles may write.",
      fix: "Widen the write scope of the app's management role assignment, or keep such lists from people who ask for them.",
    },
  },
];
