import { expect, test } from "vitest";
import { classifyError } from "#exchange/errors/classify";
import type { ErrorCode } from "#runtime/errors";
import {
  type ExceptionText,
  failureOf,
  recordOf,
  recordOfExceptions,
  refusedSignIn,
  restMessage,
} from "#test/support/error-records";

const read = { cmdlet: "Get-User", access: "read", environmentName: "O365Default" } as const;
const write = { cmdlet: "New-DistributionGroup", access: "write", environmentName: "O365Default" } as const;
const connecting = { access: "read", environmentName: "O365Default" } as const;

const calling = (inner: string) => `Exception calling ".ctor" with "3" argument(s): "${inner}"`;
const cryptographic = "System.Security.Cryptography.CryptographicException";
const invocation = "System.Management.Automation.MethodInvocationException";
const wrongPassword = "The certificate data cannot be read with the provided password, the password may be incorrect.";

const notFoundText =
  "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'X' couldn't be found on 'AM0PR07A13DC001.EURPR07A013.PROD.OUTLOOK.COM'.";

const answers: readonly [ErrorCode, string][] = [
  ["OBJECT_NOT_FOUND", notFoundText],
  ["OBJECT_NOT_FOUND", notFoundText.replace("Ex6F9304", "Ex43C0AC")],
  [
    "OBJECT_NOT_FOUND",
    `Ex94914C|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|Couldn't find object "X". Please make sure that it was spelled correctly or specify a different object.`,
  ],
  [
    "OBJECT_AMBIGUOUS",
    "Ex9E65A2|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because 'Anna' matches multiple entries.",
  ],
  [
    "OBJECT_AMBIGUOUS",
    `Ex8155FB|Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException|There are multiple recipients matching the identity "Anna". Please specify a unique value.`,
  ],
  [
    "ALREADY_MEMBER",
    `Ex93E602|Microsoft.Exchange.Management.RecipientTasks.MemberAlreadyExistsException|The recipient "Anna" is already a member of the group "Sales".`,
  ],
  [
    "NOT_GROUP_MANAGER",
    "ExB6FAB5|Microsoft.Exchange.Management.RecipientTasks.OperationRequiresGroupManagerException|You don't have sufficient permissions. This operation can only be performed by a manager of the group.",
  ],
  [
    "NAME_IN_USE",
    `ExBF87FF|Microsoft.Exchange.Data.Directory.NameNotAvailableException|The name "Sales" is already being used. Please try another name.`,
  ],
  [
    "NAME_IN_USE",
    "Ex17CDAE|Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException|Active Directory operation failed on AM0PR07A13DC001. The object 'CN=Sales,OU=contoso.onmicrosoft.com' already exists.",
  ],
  ...["Ex1472D1", "Ex801472"].map((id): [ErrorCode, string] => [
    "ADDRESS_IN_USE",
    `${id}|Microsoft.Exchange.Data.Directory.ProxyAddressExistsException|The proxy address "SMTP:sales@contoso.com" is already being used by the proxy addresses or LegacyExchangeDN of "Sales". Please choose another proxy address.`,
  ]),
  [
    "MASTERED_ON_PREMISES",
    "Ex4B8B93|System.InvalidOperationException|The operation on group \"Sales\" failed because it's out of the current user's write scope. The action 'Add-DistributionGroupMember', 'Members', can't be performed on the object 'Sales' because the object is being synchronized from your on-premises organization. This action should be performed on the object in your on-premises organization.",
  ],
  [
    "CHANGE_REFUSED",
    `|Microsoft.Exchange.Configuration.Tasks.RecipientTaskException|The value "Open" of MemberJoinRestriction can't be used for security groups.`,
  ],
  [
    "VALUE_REFUSED",
    `|Microsoft.Exchange.Data.DataValidationException|The group name contains "payroll", a word that the group naming policy blocks.`,
  ],
  [
    "DOMAIN_NOT_ACCEPTED",
    "|Microsoft.Exchange.Configuration.Tasks.NotAcceptedDomainException|You can't use the domain because it's not an accepted domain for your organization.",
  ],
  [
    "DIRECTORY_WRITE_FAILED",
    "Microsoft.Exchange.Configuration.DualWrite.LocStrings.UnableToWriteToAadException|An Azure Active Directory call was made to keep object in sync between Azure Active Directory and Exchange Online. However, it failed.",
  ],
  [
    "GROUP_TYPE_UNSUPPORTED",
    "ExA1B2C3|Microsoft.Exchange.Configuration.Tasks.RecipientTaskException|The current operation is not supported on GroupMailbox.",
  ],
  ["THROTTLED", "You have reached the maximum number of concurrent requests per tenant. Please wait and try again."],
  ["THROTTLED", "Response status code does not indicate success: 429 (Too Many Requests)."],
  ...[
    "ADTransientException",
    "ADServerSettingsChangedException",
    "DCOverloadedException",
    "SuitabilityDirectoryException",
    "ServerInMMException",
    "StorageTransientException",
  ].map((type): [ErrorCode, string] => [
    "EXCHANGE_TRANSIENT",
    `Ex000001|Microsoft.Exchange.Data.Directory.${type}|Try later.`,
  ]),
  ["EXCHANGE_TRANSIENT", "Response status code does not indicate success: 503 (Service Unavailable)."],
  ["EXCHANGE_TRANSIENT", "Response status code does not indicate success: 504 (Gateway Timeout)."],
  [
    "EXCHANGE_TRANSIENT",
    "A server side error has occurred because of which the operation could not be completed. Please try again after some time. If the problem still persists, please reach out to MS support.",
  ],
  ["EXCHANGE_TRANSIENT", "The issue may be transient. Please try again."],
  ["EXCHANGE_TRANSIENT", "Maximum retry count reached."],
  ["EXCHANGE_TRANSIENT", "Root element is missing."],
  [
    "EXCHANGE_TRANSIENT",
    "Conversion from JSON failed with error: Unexpected character encountered while parsing value: \u0000. Path '', line 0, position 0.",
  ],
  ["EXCHANGE_TRANSIENT", "Cannot bind argument to parameter 'ResultObject' because it is null."],
  [
    "EXCHANGE_TRANSIENT",
    "Method invocation failed because [System.Net.Http.HttpResponseMessage] does not contain a method named 'GetResponseHeader'.",
  ],
  ["NOT_CONNECTED", "You must call Connect-ExchangeOnline before calling any other cmdlet."],
  ["NOT_CONNECTED", "You must call the Connect-ExchangeOnline cmdlet before calling any other cmdlets."],
  ["NOT_CONNECTED", "UnAuthorized"],
  ["EXCHANGE_TRANSIENT", "The resource could not be found."],
  ["PAGE_LINK_EXPIRED", "Expired or Invalid pagination request. Default Expiry time is 00:30:00"],
  [
    "PARAMETERS_REJECTED",
    "|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.",
  ],
  [
    "DIRECTORY_ROLE_MISSING",
    "The role assigned to application 722eae44-1111-2222-3333-ee2932067dd9 isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.",
  ],
  [
    "DIRECTORY_ROLE_MISSING",
    `[FailureCategory=AuthZ-CmdletAccessDeniedException] The user "contoso.com/app" isn't assigned to any management roles.`,
  ],
];

const restAnswers: readonly [ErrorCode, string][] = [
  ["OBJECT_NOT_FOUND", restMessage(404, notFoundText)],
  [
    "OBJECT_AMBIGUOUS",
    restMessage(
      404,
      "Ex9E65A2|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because 'Anna' matches multiple entries.",
    ),
  ],
  [
    "OBJECT_NOT_FOUND",
    "Error while querying REST service. HttpStatusCode=404 ErrorMessage=The operation couldn't be performed because object 'X' couldn't be found on 'DC'.",
  ],
  ["EXCHANGE_TRANSIENT", "Error while querying REST service. HttpStatusCode=404 ErrorMessage="],
  ["PARAMETERS_REJECTED", restMessage(400, "Property UserPrincipalName is not defined.", "BadRequest")],
  [
    "PARAMETERS_REJECTED",
    restMessage(
      400,
      "|Microsoft.OData.ODataException|The query specified in the URI is not valid. Could not find a property named 'MobilePhone' on type 'Exchange.Recipient'.",
      "BadRequest",
    ),
  ],
  [
    "PARAMETERS_REJECTED",
    restMessage(
      400,
      `|System.Management.Automation.ParameterBindingArgumentTransformationException|Cannot process argument transformation on parameter 'RecipientTypeDetails'. Cannot convert value "Person" to type "Microsoft.Exchange.Data.Directory.Recipient.RecipientTypeDetails".`,
      "BadRequest",
    ),
  ],
  [
    "COMMAND_NOT_PERMITTED",
    'Error while querying REST service. HttpStatusCode=401\nErrorMessage={"error":{"code":"Unauthorized","message":"User is not allowed to call Get-RecipientPermission","innererror":{"message":"User is not allowed to call Get-RecipientPermission","type":"Microsoft.Exchange.Admin.OData.Core.ODataServiceException"}}}',
  ],
  ["NOT_CONNECTED", "Error while querying REST service. HttpStatusCode=401 ErrorMessage="],
  ["DIRECTORY_ROLE_MISSING", "Error while querying REST service. HttpStatusCode=403 ErrorMessage="],
  [
    "THROTTLED",
    'Error while querying REST service. HttpStatusCode=429 ErrorMessage={"error":{"code":"TooManyRequests","message":""}}',
  ],
  [
    "EXCHANGE_TRANSIENT",
    restMessage(
      500,
      "Ex000001|Microsoft.Exchange.Data.Directory.ADTransientException|The server is busy.",
      "InternalServerError",
    ),
  ],
  ["EXCHANGE_TRANSIENT", restMessage(503, "|Microsoft.Exchange.SomethingNewException|Not now.", "ServiceUnavailable")],
  ["EXCHANGE_TRANSIENT", "Error while querying REST service. HttpStatusCode=0 ErrorMessage=Broken pipe"],
  [
    "EXCHANGE_TRANSIENT",
    "Error while querying REST service. HttpStatusCode=200 ErrorMessage='<' is an invalid start of a value.",
  ],
  [
    "EXCHANGE_TRANSIENT",
    "Error while querying REST service. ErrorMessage=An error occurred while sending the request.",
  ],
  [
    "EXCHANGE_TRANSIENT",
    "Error while querying REST service. HttpStatusCode=504 ErrorMessage=<html>Gateway Timeout</html>",
  ],
  [
    "PAGE_LINK_EXPIRED",
    restMessage(400, "Expired or Invalid pagination request. Default Expiry time is 00:30:00", "BadRequest"),
  ],
];

test.each([...answers, ...restAnswers])("tells %s by: %s", (code, message) => {
  const error = classifyError(failureOf("invoke", recordOf(message)), read);

  expect(error.code).toBe(code);
});

const refusals: readonly [ErrorCode, string, RegExp][] = [
  [
    "CERTIFICATE_NOT_REGISTERED",
    "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: 'C49C25705D60569884EDC91986CEF8A01A495783'].",
    /Upload its public part/,
  ],
  [
    "CERTIFICATE_EXPIRED",
    "AADSTS700027: The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired., found key 'Start=09/09/2024 17:51:32, End=09/09/2025 17:51:32'].",
    /Make a new one/,
  ],
  [
    "CERTIFICATE_EXPIRED",
    "AADSTS7000222: The provided client secret keys for app '1111' are expired.",
    /Make a new one/,
  ],
  [
    "CLOCK_WRONG",
    "AADSTS700024: Client assertion is not within its valid time range. Current time: 2024-10-02T22:05:03.6755165Z, assertion valid from 2024-10-02T21:20:53.0000000Z, expiry time of assertion 2024-10-02T21:30:53.0000000Z.",
    /clock/,
  ],
  [
    "APP_NOT_FOUND",
    "AADSTS700016: Application with identifier '1111' was not found in the directory 'Contoso'.",
    /app_id/,
  ],
  [
    "APP_NOT_FOUND",
    "AADSTS7000229: The client application 1111 is missing service principal in the tenant 2222.",
    /app_id/,
  ],
  ["TENANT_NOT_FOUND", "AADSTS90002: Tenant 'contoso.onmicrosoft.com' not found.", /tenant_domain/],
  [
    "TENANT_NOT_FOUND",
    "AADSTS900023: Specified tenant identifier 'x' is neither a valid DNS name, nor a valid external domain.",
    /tenant_domain/,
  ],
  [
    "RESOURCE_NOT_FOUND",
    "AADSTS500011: The resource principal named https://outlook.office365.com was not found in the tenant named Contoso.",
    /licence/,
  ],
  ["SIGN_IN_FAILED", "AADSTS90033: A transient error has occurred. Please try again.", /Try again/],
  ["SIGN_IN_REFUSED", "AADSTS7000112: Application '1111'(gateway) is disabled.", /AADSTS number/],
  ["SIGN_IN_REFUSED", "AADSTS53003: Access has been blocked by Conditional Access policies.", /AADSTS number/],
];

test.each(refusals)("tells %s by Microsoft Entra ID's %s", (code, description, advice) => {
  const error = classifyError(failureOf("connect", refusedSignIn(description)), connecting);

  expect(error.code).toBe(code);
  expect(error.message).toMatch(advice);
  expect(error.message).toContain(description.slice(0, 40));
});

test("tells a refused sign-in also where a token is renewed during a call", () => {
  const error = classifyError(failureOf("invoke", refusedSignIn("AADSTS700016: Application not found.")), read);

  expect(error.code).toBe("APP_NOT_FOUND");
});

test.each([
  [
    "APP_ROLE_MISSING",
    ["System.Net.Http.HttpRequestException", "Response status code does not indicate success: 401 (Unauthorized)."],
  ],
  [
    "DIRECTORY_ROLE_MISSING",
    ["System.Net.Http.HttpRequestException", "Response status code does not indicate success: 403 (Forbidden)."],
  ],
  ["APP_ROLE_MISSING", ["System.UnauthorizedAccessException", "UnAuthorized"]],
  ["DIRECTORY_ROLE_MISSING", ["System.UnauthorizedAccessException", "The app is unauthorized to do that."]],
  ["APP_ROLE_MISSING", ["System.Exception", "UnAuthorized"]],
  ["APP_ROLE_MISSING", ["System.Exception", "Unauthorized"]],
  [
    "DIRECTORY_ROLE_MISSING",
    ["System.Exception", "The role assigned to application 1111 isn't supported in this scenario."],
  ],
  ["MODULE_UNUSABLE", ["System.UnauthorizedAccessException", "Access to the path '/var/task/tmpEXO_x' is denied."]],
  ["MODULE_UNUSABLE", ["System.IO.IOException", "No space left on device : '/tmp/tmpEXO_x/tmpEXO_x.psm1'"]],
  ["MODULE_UNUSABLE", ["System.IO.IOException", "Disk quota exceeded : '/tmp/tmpEXO_x'"]],
  ["MODULE_UNUSABLE", ["System.IO.IOException", "Read-only file system : '/home/sbx_user1051/.config'"]],
  [
    "MODULE_UNUSABLE",
    [
      "System.MissingMethodException",
      "Method not found: 'Microsoft.Identity.Client.PublicClientApplicationBuilder Microsoft.Identity.Client.Broker.BrokerExtension.WithBroker(…)'.",
    ],
  ],
  [
    "MODULE_UNUSABLE",
    [
      "System.AggregateException",
      "One or more errors occurred. (Could not load file or assembly 'Microsoft.Identity.Client, Version=4.66.0.0'.)",
    ],
  ],
  [
    "MODULE_UNUSABLE",
    ["System.TypeLoadException", "Could not load type 'Microsoft.OData.Client.DataServiceContext' from assembly 'x'."],
  ],
  ["MODULE_UNUSABLE", ["System.BadImageFormatException", "An attempt was made to load a program of a wrong format."]],
  [
    "MODULE_UNUSABLE",
    ["System.DllNotFoundException", "Unable to load shared library 'libpsl-native' or one of its dependencies."],
  ],
  [
    "SIGN_IN_FAILED",
    ["System.Net.Http.HttpRequestException", "Name or service not known (login.microsoftonline.com:443)"],
  ],
  ["SIGN_IN_FAILED", ["System.Security.Authentication.AuthenticationException", "The remote certificate is invalid."]],
  ["SIGN_IN_FAILED", ["System.Threading.Tasks.TaskCanceledException", "A task was canceled."]],
  [
    "SIGN_IN_FAILED",
    [
      "System.Net.Http.HttpRequestException",
      "Response status code does not indicate success: 503 (Service Unavailable).",
    ],
  ],
  [
    "SIGN_IN_FAILED",
    ["System.Exception", "Module could not be correctly formed. Please run Connect-ExchangeOnline again."],
  ],
  [
    "THROTTLED",
    [
      "System.Net.Http.HttpRequestException",
      "Response status code does not indicate success: 429 (Too Many Requests).",
    ],
  ],
  ["SIGN_IN_FAILED", ["System.Exception", "Something new."]],
] as const)("tells %s while connecting by %j", (code, [type, message]) => {
  const inner = recordOfExceptions(["System.AggregateException", "One or more errors occurred."], [type, message]);

  expect(classifyError(failureOf("connect", inner), connecting).code).toBe(code);
});

type CertificateCase = { code: ErrorCode; advice: RegExp; exceptions: readonly ExceptionText[] };

const certificateCases: readonly CertificateCase[] = [
  {
    code: "CERTIFICATE_PASSWORD_WRONG",
    advice: /certificate_password/,
    exceptions: [
      [invocation, calling(wrongPassword), -2146233087],
      [cryptographic, wrongPassword, -2147024810],
    ],
  },
  {
    code: "CERTIFICATE_NOT_PFX",
    advice: /base64/,
    exceptions: [
      [invocation, calling("ASN1 corrupted data."), -2146233087],
      [cryptographic, "ASN1 corrupted data.", -2146233087],
    ],
  },
  {
    code: "CERTIFICATE_NOT_PFX",
    advice: /base64/,
    exceptions: [["System.FormatException", "The input is not a valid Base-64 string."]],
  },
  {
    code: "CERTIFICATE_WITHOUT_KEY",
    advice: /Export it again/,
    exceptions: [[cryptographic, "The certificate has no private key."]],
  },
  {
    code: "CERTIFICATE_EXPIRED",
    advice: /Make a new one/,
    exceptions: [[cryptographic, "The certificate has expired: it was valid until 2024-01-01T00:00:00.0000000Z."]],
  },
  {
    code: "CERTIFICATE_NOT_YET_VALID",
    advice: /has not begun/,
    exceptions: [[cryptographic, "The certificate is not yet valid: it will be from 2040-01-01T00:00:00.0000000Z."]],
  },
];

test.each(certificateCases)("tells $code while opening the certificate", ({ code, advice, exceptions }) => {
  const error = classifyError(failureOf("certificate", recordOfExceptions(...exceptions)), connecting);

  expect(error).toMatchObject({ code, retryable: false, message: expect.stringMatching(advice) });
});

test("tells a module that cannot be loaded", () => {
  const record = recordOfExceptions(["System.IO.FileNotFoundException", "The specified module was not loaded."]);

  const error = classifyError(failureOf("module", record), connecting);

  expect(error).toMatchObject({ code: "MODULE_UNUSABLE", message: expect.stringContaining("EXCHANGE_MODULE_PATH") });
});

test("tells a cmdlet that is not there", () => {
  const record = recordOfExceptions([
    "System.Management.Automation.CommandNotFoundException",
    "The term 'Get-User' is not recognized as a name of a cmdlet, function, script file, or executable program.",
  ]);

  expect(classifyError(failureOf("invoke", record), read).code).toBe("COMMAND_NOT_PERMITTED");
});

test("tells an answer of NUL bytes that are said to be compressed", () => {
  const record = recordOfExceptions([
    "System.IO.InvalidDataException",
    "The archive entry was compressed using an unsupported compression method.",
  ]);

  expect(classifyError(failureOf("invoke", record), read).code).toBe("EXCHANGE_TRANSIENT");
});

test("tells parameters that PowerShell cannot bind", () => {
  const record = recordOfExceptions([
    "System.Management.Automation.ParameterBindingException",
    "Cannot convert 'System.String' to the type 'System.Management.Automation.SwitchParameter' required by parameter 'IsVIP'.",
  ]);

  expect(classifyError(failureOf("invoke", record), read).code).toBe("PARAMETERS_REJECTED");
});

test("tells an error by its reason where the message names no type", () => {
  const record = recordOf("Das Objekt wurde nicht gefunden.", { reason: "ManagementObjectNotFoundException" });

  expect(classifyError(failureOf("invoke", record), read).code).toBe("OBJECT_NOT_FOUND");
});

test.each([
  "You must call Connect-ExchangeOnline",
  "AADSTS700016",
  "' matches multiple entries. x",
  "Expired or Invalid pagination request",
  "Microsoft.Exchange.NameNotAvailableException|x",
  "status code does not indicate success: 429",
])("is not misled by an object called %j", (name) => {
  const message = notFoundText.replace("'X'", `'${name}'`);

  expect(classifyError(failureOf("invoke", recordOf(message)), read).code).toBe("OBJECT_NOT_FOUND");
});

test("keeps the text of what nothing tells", () => {
  const message = "Ex0DD0DD|Microsoft.Exchange.SomethingNewException|Never seen before.";

  const error = classifyError(failureOf("invoke", recordOf(message)), read);

  expect(error).toMatchObject({
    code: "EXCHANGE_REFUSED",
    retryable: false,
    message: expect.stringContaining(message),
  });
});

test("says which cmdlet failed, what to do, and Exchange's own words on one line", () => {
  const error = classifyError(failureOf("invoke", recordOf(`${notFoundText}\r\n`)), read);

  expect(error.message).toBe(
    "Get-User: Exchange knows no such object. Check the spelling; one made a few minutes ago may not be known everywhere yet. " +
      `The answer was: ${notFoundText}`,
  );
});

test("repeats no words that an outer exception has already", () => {
  const record = recordOfExceptions([invocation, calling("It broke.")], ["System.Exception", "It broke."]);

  const error = classifyError(failureOf("invoke", record), read);

  expect(error.message).toMatch(/The answer was: Exception calling "\.ctor" with "3" argument\(s\): "It broke\."$/);
});

test("cuts a very long text", () => {
  const error = classifyError(failureOf("invoke", recordOf("word ".repeat(1_000))), read);

  expect(error.message.length).toBeLessThan(900);
});

test.each([
  ["a token", "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL291dGxvb2sifQ.c2lnbmF0dXJl"],
  ["a certificate", "MIIKPAIBAzCCCfgGCSqGSIb3DQEHAaCCCekEggnl".repeat(10)],
])("takes %s out of the text", (_, secret) => {
  const error = classifyError(failureOf("connect", recordOf(`Refused for "${secret}" today.`)), connecting);

  expect(error.message).toContain('Refused for "[…]" today.');
  expect(error.message).not.toContain(secret.slice(0, 20));
});

test("lets a clear error tell a read that a vague one came with", () => {
  const failure = failureOf("invoke", recordOf("Maximum retry count reached."), recordOf(notFoundText));

  const error = classifyError(failure, read);

  expect(error.code).toBe("OBJECT_NOT_FOUND");
  expect(error.message).toContain("Maximum retry count reached. | Ex6F9304");
});

const unsettled = [
  "Conversion from JSON failed with error: Unexpected end of content.",
  "A server side error has occurred because of which the operation could not be completed.",
  "Root element is missing.",
  "Cannot bind argument to parameter 'ResultObject' because it is null.",
  "Maximum retry count reached.",
  "Response status code does not indicate success: 504 (Gateway Timeout).",
  "does not contain a method named 'GetResponseHeader'",
  "Something nobody has a name for.",
];

test.each(unsettled)("calls the outcome of a write unknown after: %s", (message) => {
  const error = classifyError(failureOf("invoke", recordOf(message)), write);

  expect(error).toMatchObject({
    code: "OUTCOME_UNKNOWN",
    retryable: false,
    message: expect.stringMatching(/Read back .* The answer was: /),
    cause: expect.objectContaining({ code: classifyError(failureOf("invoke", recordOf(message)), read).code }),
  });
});

test.each([
  ["System.Management.Automation.ParameterBindingValidationException", unsettled[3] ?? ""],
  ["System.Net.Http.HttpRequestException", "An error occurred while sending the request."],
  ["System.IO.IOException", "Unable to read data from the transport connection: Connection reset by peer."],
])("calls the outcome of a write unknown after a %s", (type, message) => {
  expect(classifyError(failureOf("invoke", recordOfExceptions([type, message])), write).code).toBe("OUTCOME_UNKNOWN");
});

test("calls the outcome of a write unknown although another error is clear", () => {
  const nameTaken =
    'ExBF87FF|Microsoft.Exchange.Data.Directory.NameNotAvailableException|The name "Sales" is already being used.';

  const error = classifyError(
    failureOf("invoke", recordOf("Maximum retry count reached."), recordOf(nameTaken)),
    write,
  );

  expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", cause: { code: "NAME_IN_USE" } });
});

const ambiguousAnswers: readonly ErrorCode[] = ["EXCHANGE_TRANSIENT", "DIRECTORY_WRITE_FAILED"];

test.each(answers.filter(([code]) => ambiguousAnswers.includes(code)))(
  "calls the outcome of a write unknown where Exchange speaks of %s",
  (code, message) => {
    const error = classifyError(failureOf("invoke", recordOf(message)), write);

    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", cause: { code } });
  },
);

const settledAnswers = answers.filter(
  ([code, message]) => /Exception\||^You have reached/.test(message) && !ambiguousAnswers.includes(code),
);

test.each(settledAnswers)("keeps %s for a write that Exchange refused in so many words", (code, message) => {
  expect(classifyError(failureOf("invoke", recordOf(message)), write).code).toBe(code);
});

test("keeps a refusal of unknown type a refusal for a write", () => {
  const message = "Ex0DD0DD|Microsoft.Exchange.SomethingNewException|Never seen before.";

  expect(classifyError(failureOf("invoke", recordOf(message)), write).code).toBe("EXCHANGE_REFUSED");
});
