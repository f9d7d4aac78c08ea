import { expect, test } from "vitest";
import { isCredentialFault } from "#exchange/credential/credential-source";
import { classifyError } from "#exchange/errors/classify";
import type { ErrorRecord } from "#powershell/frames";
import type { ErrorCode } from "#runtime/errors";
import {
  failureBody,
  failureOf,
  msalFailure,
  msalPreface,
  recordOf,
  recordOfExceptions,
  refusedSignIn,
  restFailure,
  restMessage,
  type Stage,
} from "#test/support/error-records";

/** One trouble, as the genuine module (3.9.0 on PowerShell 7.6.9) and the stand-in show it. */
type Recorded = {
  code: ErrorCode;
  trouble: string;
  stage: Stage;
  genuine: ErrorRecord;
  standIn: ErrorRecord;
  /** The end of the message with the genuine module. */
  says: string;
};

const thrown = (type: string, message: string) => recordOfExceptions([`System.${type}`, message]);
const withStatus = (status: string) =>
  thrown("Net.Http.HttpRequestException", `Response status code does not indicate success: ${status}`);
const asIs = (record: ErrorRecord) => ({ genuine: record, standIn: record });

const traces =
  " Trace ID: 3bc68ea9-61f0-4adc-a8f5-fcc6a2a3a9c3 Correlation ID: dc1a8f73-ab3f-4b30-a93d-9b50c4a9f262 Timestamp: 2026-12-01 03:21:51Z";
const unavailable =
  "Service is unavailable to process the request. The request Uri is: https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token on port 443";
const throttledByEntra =
  "Your app has been throttled by AAD due to too many requests. To avoid this, cache your tokens see https://aka.ms/msal-net-throttling.";
const tooMany = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again.";
const roleUnfit =
  "The role assigned to application 3174edd2-1762-4d02-b9b2-d25347a5ad18 isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.";
const cutStrings = "Unterminated string. Expected delimiter: \". Path 'value[0].fileContent', line 1, position 5957.";
const cutToken =
  "Expected end of string, but instead reached end of data. Path: $.access_token | LineNumber: 0 | BytePositionInLine: 701.";
const cutTokenAt = "Expected end of string, but instead reached end of data. LineNumber: 0 | BytePositionInLine: 701.";
const notValid =
  "The response payload is a not a valid response payload. Please make sure that the top level element is a valid Atom or JSON element or belongs to 'http://docs.oasis-open.org/odata/ns/data' namespace.";
const notFormed = "Module could not be correctly formed. Please run Connect-ExchangeOnline again.";
const reset = recordOfExceptions(
  ["System.Net.Http.HttpRequestException", "An error occurred while sending the request."],
  ["System.IO.IOException", "Unable to read data from the transport connection: Connection reset by peer."],
  ["System.Net.Sockets.SocketException", "Connection reset by peer"],
);

/** What Microsoft Entra ID refuses. One that is no fault of the client itself comes without MSAL's sentence about that. */
const refusals = (
  [
    ["CERTIFICATE_NOT_REGISTERED", "AADSTS700027: Client assertion contains an invalid signature."],
    ["CERTIFICATE_EXPIRED", "AADSTS7000222: The provided client secret keys for app '1111' are expired."],
    ["CLOCK_WRONG", "AADSTS700024: Client assertion is not within its valid time range."],
    ["APP_NOT_FOUND", "AADSTS700016: Application with identifier '1111' was not found in the directory 'Contoso'."],
    ["TENANT_NOT_FOUND", "AADSTS90002: Tenant 'contoso.onmicrosoft.com' not found."],
    ["RESOURCE_NOT_FOUND", "AADSTS500011: The resource principal named https://outlook.office365.com was not found."],
    ["SIGN_IN_REFUSED", "AADSTS53003: Access has been blocked by Conditional Access policies."],
    ["SIGN_IN_REFUSED", "AADSTS70011: The provided value for the input parameter 'scope' is not valid."],
    ["SIGN_IN_FAILED", "AADSTS90033: A transient error has occurred. Please try again."],
    ["THROTTLED", "AADSTS90055: The tenant has too many requests under way."],
    ["THROTTLED", "AADSTS50196: The server terminated an operation because it encountered a client request loop."],
  ] as const
).map(([code, description]): Recorded => {
  const words = `${description}${traces}`;
  const [trouble] = description.split(":");
  return {
    ...{ code, trouble: `${trouble}`, stage: "connect", says: words },
    genuine: msalFailure(words),
    standIn: thrown("Exception", words),
  };
});

const recorded: readonly Recorded[] = [
  ...refusals,
  {
    ...{ code: "CERTIFICATE_NOT_REGISTERED", trouble: "a client that is at fault", stage: "connect" },
    ...asIs(refusedSignIn("AADSTS700027: The certificate is not registered on application.")),
    says: "Timestamp: 2025-11-25 13:42:14Z",
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "500 or 503 of Microsoft Entra ID", stage: "connect", says: unavailable },
    genuine: msalFailure(unavailable),
    standIn: thrown("Exception", "Service is unavailable to process the request. StatusCode: 503"),
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "an empty answer of Microsoft Entra ID", stage: "connect" },
    genuine: thrown("NullReferenceException", "Object reference not set to an instance of an object."),
    standIn: thrown("Management.Automation.RuntimeException", "You cannot call a method on a null-valued expression."),
    says: "Object reference not set to an instance of an object.",
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "a token that is cut on the way", stage: "connect" },
    genuine: recordOfExceptions(
      ["System.Text.Json.JsonException", cutToken],
      ["System.Text.Json.JsonReaderException", cutTokenAt],
    ),
    says: `${cutToken} ${cutTokenAt}`,
    standIn: thrown("Management.Automation.RuntimeException", "You cannot call a method on a null-valued expression."),
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "404 of Microsoft Entra ID", stage: "connect" },
    ...asIs(msalFailure("HttpStatusCode: 404: NotFound\nAuthority used: https://login.microsoftonline.com/contoso/")),
    says: "HttpStatusCode: 404: NotFound Authority used: https://login.microsoftonline.com/contoso/",
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "401 of Microsoft Entra ID without a number", stage: "connect" },
    ...asIs(msalFailure("HttpStatusCode: 401: Unauthorized")),
    says: "HttpStatusCode: 401: Unauthorized",
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "500 while a token is renewed", stage: "invoke", says: unavailable },
    ...asIs(msalFailure(unavailable)),
  },
  {
    ...{ code: "THROTTLED", trouble: "429 of Microsoft Entra ID", stage: "connect", says: throttledByEntra },
    genuine: msalFailure(throttledByEntra, "MsalThrottledServiceException"),
    standIn: thrown("Exception", "Response status code does not indicate success: 429."),
  },
  {
    ...{ code: "THROTTLED", trouble: "429 of Microsoft Entra ID in JSON", stage: "connect" },
    ...asIs(msalFailure("HttpStatusCode: 429: TooManyRequests")),
    says: "HttpStatusCode: 429: TooManyRequests",
  },
  {
    ...{ code: "APP_ROLE_MISSING", trouble: "401 of EXOModuleFile", stage: "connect", says: "UnAuthorized" },
    genuine: thrown("UnauthorizedAccessException", "UnAuthorized"),
    standIn: withStatus("401 (Unauthorized). UnAuthorized"),
  },
  {
    ...{ code: "DIRECTORY_ROLE_MISSING", trouble: "403 of EXOModuleFile", stage: "connect", says: roleUnfit },
    ...asIs(thrown("UnauthorizedAccessException", roleUnfit)),
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "an EXOModuleFile that is cut on the way", stage: "connect" },
    genuine: recordOfExceptions(["Newtonsoft.Json.JsonReaderException", cutStrings]),
    standIn: thrown("InvalidOperationException", notFormed),
    says: cutStrings,
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "a web page in place of EXOModuleFile", stage: "connect" },
    ...asIs(
      recordOfExceptions([
        "Newtonsoft.Json.JsonReaderException",
        "Unexpected character encountered while parsing value: <. Path '', line 0, position 0.",
      ]),
    ),
    says: "Path '', line 0, position 0.",
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "an EXOModuleFile that ends within an object", stage: "connect" },
    ...asIs(
      recordOfExceptions(["Newtonsoft.Json.JsonSerializationException", "Unexpected end when deserializing object."]),
    ),
    says: "Unexpected end when deserializing object.",
  },
  {
    ...{
      code: "SIGN_IN_FAILED",
      trouble: "an error of EXOModuleFile without a body",
      stage: "connect",
      says: notFormed,
    },
    genuine: thrown("Management.Automation.RuntimeException", notFormed),
    standIn: withStatus("500 (InternalServerError)."),
  },
  {
    ...{
      code: "SIGN_IN_FAILED",
      trouble: "503 of EXOModuleFile",
      stage: "connect",
      says: "The service is unavailable.",
    },
    genuine: thrown("SystemException", "The service is unavailable."),
    standIn: withStatus("503 (ServiceUnavailable). The service is unavailable."),
  },
  {
    ...{ code: "SIGN_IN_FAILED", trouble: "a connection that is reset", stage: "connect" },
    ...asIs(reset),
    says: "Connection reset by peer.",
  },
  {
    ...{ code: "THROTTLED", trouble: "429 of EXOModuleFile", stage: "connect", says: tooMany },
    genuine: thrown("SystemException", tooMany),
    standIn: withStatus(`429 (TooManyRequests). ${tooMany}`),
  },
  ...(
    [
      [
        "OBJECT_NOT_FOUND",
        404,
        "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'nobody' couldn't be found on 'AM0PR07A13DC001.EURPR07A013.PROD.OUTLOOK.COM'.",
      ],
      [
        "OBJECT_AMBIGUOUS",
        404,
        "Ex9E65A2|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because 'Anna' matches multiple entries.",
      ],
      [
        "EXCHANGE_TRANSIENT",
        500,
        "|Microsoft.Exchange.Data.Directory.ADTransientException|Active Directory operation failed on AM0PR07A13DC001.EURPR07A013.PROD.OUTLOOK.COM. This error is retriable.",
      ],
      ["THROTTLED", 429, tooMany],
      ["DIRECTORY_ROLE_MISSING", 403, roleUnfit],
      ["PAGE_LINK_EXPIRED", 400, "Expired or Invalid pagination request. Default Expiry time is 00:30:00"],
    ] as const
  ).map(
    ([code, status, detail]): Recorded => ({
      ...{ code, trouble: `${status} of Recipient`, stage: "invoke", says: detail },
      genuine: restFailure(status, failureBody(detail)),
      standIn: recordOf(restMessage(status, detail)),
    }),
  ),
  {
    ...{ code: "PARAMETERS_REJECTED", trouble: "400 of Recipient without a body", stage: "invoke" },
    ...asIs(restFailure(400, "BadRequest")),
    says: "HttpStatusCode=400 ErrorMessage=BadRequest",
  },
  {
    ...{ code: "DIRECTORY_ROLE_MISSING", trouble: "403 of Recipient that says nothing", stage: "invoke" },
    ...asIs(restFailure(403, "")),
    says: "HttpStatusCode=403 ErrorMessage=",
  },
  {
    ...{ code: "NOT_CONNECTED", trouble: "401 of Recipient", stage: "invoke" },
    ...asIs(restFailure(401, "Unauthorized")),
    says: "HttpStatusCode=401 ErrorMessage=Unauthorized",
  },
  {
    ...{ code: "EXCHANGE_TRANSIENT", trouble: "rows of Recipient that are cut on the way", stage: "invoke" },
    genuine: thrown("InvalidOperationException", notValid),
    standIn: recordOf(
      `Error while querying REST service. HttpStatusCode=200 ErrorMessage={"@odata.context":"https://outlook.office365.com/x","value":[{"Name":"An`,
    ),
    says: notValid,
  },
  {
    ...{ code: "EXCHANGE_TRANSIENT", trouble: "a connection to Recipient that is reset", stage: "invoke" },
    genuine: recordOfExceptions(
      ["System.InvalidOperationException", "An error occurred while processing this request."],
      ["Microsoft.OData.Client.DataServiceTransportException", "An error occurred while sending the request."],
      ...reset.exceptions.map(({ type, message }) => [type, message] as const),
    ),
    standIn: reset,
    says: "Connection reset by peer.",
  },
  {
    ...{ code: "EXCHANGE_TRANSIENT", trouble: "a Recipient that does not answer in time", stage: "invoke" },
    ...asIs(
      recordOfExceptions(
        ["System.InvalidOperationException", "An error occurred while processing this request."],
        ["Microsoft.OData.Client.DataServiceTransportException", "The operation has timed out."],
        ["System.Net.WebException", "The operation has timed out."],
      ),
    ),
    says: "The answer was: The operation has timed out.",
  },
  {
    ...{ code: "EXCHANGE_TRANSIENT", trouble: "an empty answer while a token is renewed", stage: "invoke" },
    ...asIs(thrown("NullReferenceException", "Object reference not set to an instance of an object.")),
    says: "Object reference not set to an instance of an object.",
  },
  {
    ...{ code: "EXCHANGE_TRANSIENT", trouble: "a failure of Recipient that is cut on the way", stage: "invoke" },
    ...asIs(restFailure(500, failureBody("Ex000001|Microsoft.Exchange.X").slice(0, 60))),
    says: "HttpStatusCode=500 ErrorMessage=",
  },
  {
    ...{ code: "EXCHANGE_TRANSIENT", trouble: "403 of InvokeCommand in NUL bytes", stage: "invoke" },
    ...asIs(
      recordOf(
        "Conversion from JSON failed with error: The archive entry was compressed using an unsupported compression method.",
      ),
    ),
    says: "an unsupported compression method.",
  },
];

const passing: ReadonlySet<ErrorCode> = new Set(["SIGN_IN_FAILED", "THROTTLED", "EXCHANGE_TRANSIENT", "CLOCK_WRONG"]);
const classify = (stage: Stage, record: ErrorRecord) =>
  classifyError(failureOf(stage, record), {
    ...(stage === "invoke" ? { cmdlet: "Get-EXORecipient" } : {}),
    access: "read",
    environmentName: "O365Default",
  });

test.each(recorded)("tells $code by what the genuine module shows of $trouble", ({ code, stage, genuine, says }) => {
  const error = classify(stage, genuine);

  expect(error.code).toBe(code);
  expect(error.message.slice(-says.length)).toBe(says);
  expect(error.message).not.toMatch(/Case when|Mitigation|[{}]|while processing this request|read from the payload/);
});

test.each(recorded)("tells $code by what the stand-in shows of $trouble", ({ code, stage, standIn }) => {
  const error = classify(stage, standIn);

  expect(error.code).toBe(code);
  expect(error.message).not.toMatch(/[{}]/);
});

test.each(recorded.filter(({ code }) => passing.has(code)))(
  "blames no credential for $trouble, which passes",
  ({ stage, genuine, standIn }) => {
    for (const error of [genuine, standIn].map((record) => classify(stage, record))) {
      expect(error.retryable).toBe(true);
      expect(isCredentialFault(error)).toBe(false);
    }
  },
);

test("says MSAL's words once, whatever stands between them and the module's own", () => {
  const { message } = classify("connect", msalFailure(unavailable));

  expect(message.split("Service is unavailable")).toHaveLength(2);
});

test("finds a number behind the module's words although the sentence ends elsewhere", () => {
  const record = thrown("Exception", `${msalPreface.slice(0, 46)} AADSTS700016: Application not found.`);

  expect(classify("connect", record).code).toBe("APP_NOT_FOUND");
});
