import { CmdletError } from "#powershell/calls";
import type { ErrorRecord } from "#powershell/frames";

export type Stage = CmdletError["stage"];

/** An error record as PowerShell 7 makes it of text the module writes: the reason says nothing. */
export function recordOf(message: string, changes: Partial<ErrorRecord> = {}): ErrorRecord {
  return {
    exceptions: [{ type: "System.Exception", message, hresult: -2146233088 }],
    errorId: "[Server=AM0PR07MB1234,RequestId=7f6f2d5f-726b-5584-2121-922596043d50],Write-ErrorMessage",
    category: "NotSpecified",
    reason: "Exception",
    ...changes,
  };
}

export type ExceptionText = readonly [type: string, message: string, hresult?: number];

/** An error record around exceptions of .NET, outermost first. */
export function recordOfExceptions(...exceptions: readonly ExceptionText[]): ErrorRecord {
  return recordOf("", {
    exceptions: exceptions.map(([type, message, hresult = -2146233088]) => ({ type, message, hresult })),
  });
}

export function failureOf(stage: Stage, ...errors: ErrorRecord[]): CmdletError {
  return new CmdletError({ type: "failed", stage, errors, warnings: [], rows: 0 });
}

/** What a Get-EXO cmdlet writes: the status, and the whole of the server's answer. */
export function restMessage(status: number, detail: string, errorCode = "NotFound"): string {
  const error = {
    code: errorCode,
    message: "Error executing cmdlet",
    details: [{ code: "Context", target: "", message: detail }],
    innererror: {
      message: "Error executing cmdlet",
      type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
      internalexception: { message: detail, type: "Microsoft.Exchange.Configuration.CmdletProxyException" },
    },
    "adminapi.warnings@odata.type": "#Collection(String)",
    "@adminapi.warnings": [],
  };
  return `Error while querying REST service. HttpStatusCode=${status} ErrorMessage=${JSON.stringify({ error })}`;
}

const odata = "Microsoft.OData";

/** What a Get-EXO cmdlet of the genuine module throws: the server's whole answer twice, in exceptions that say no more. */
export function restFailure(status: number, body: string): ErrorRecord {
  const { exceptions } = recordOfExceptions(
    [
      "Microsoft.Exchange.Management.RestApiClient.RestClientException",
      `Error while querying REST service. HttpStatusCode=${status} ErrorMessage=${body}`,
    ],
    [`${odata}.Client.DataServiceQueryException`, "An error occurred while processing this request."],
    [`${odata}.Client.DataServiceClientException`, body],
    [`${odata}.ODataErrorException`, "An error was read from the payload. See the 'Error' property for more details."],
  );
  return recordOf("", { exceptions, category: "ProtocolError", reason: "RestClientException" });
}

/** A server's JSON answer of a failure. */
export function failureBody(detail: string, code = "NotFound"): string {
  return restMessage(0, detail, code).replace(/^.*?ErrorMessage=/, "");
}

/** What the module says before the words of MSAL, whatever they are. */
export const msalPreface =
  'Case when Message contains:AADSTS70011 Invalid scope. The scope has to be of the form "https://resourceUrl/.default"Mitigation: change the scope to be as expected';

/** What the genuine module throws where MSAL got no token. */
export function msalFailure(words: string, type = "MsalServiceException"): ErrorRecord {
  return recordOfExceptions(
    ["System.Exception", `${msalPreface}${words}`],
    [`Microsoft.Identity.Client.${type}`, words],
  );
}

/** The same of a sign-in that Microsoft Entra ID refused. */
export function refusedSignIn(description: string): ErrorRecord {
  return msalFailure(
    "A configuration issue is preventing authentication - check the error message from the server for details. You can modify the configuration in the application registration portal. See https://aka.ms/msal-net-invalid-client for details.  Original exception: " +
      `${description} Trace ID: 8414c981-046b-4f8e-9450-ea3460e98300 Correlation ID: 94036a66-5055-4c6c-bede-420eb5e972d0 Timestamp: 2025-11-25 13:42:14Z`,
  );
}
