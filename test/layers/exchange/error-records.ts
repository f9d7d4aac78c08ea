import { CmdletError } from "#powershell/cmdlet-error";
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

/** What the module says of a sign-in that Microsoft Entra ID refused. */
export function refusedSignIn(description: string) {
  return recordOfExceptions([
    "Microsoft.Identity.Client.MsalServiceException",
    "A configuration issue is preventing authentication - check the error message from the server for details. You can modify the configuration in the application registration portal. See https://aka.ms/msal-net-invalid-client for details.  Original exception: " +
      `${description} Trace ID: 8414c981-046b-4f8e-9450-ea3460e98300 Correlation ID: 94036a66-5055-4c6c-bede-420eb5e972d0 Timestamp: 2025-11-25 13:42:14Z`,
  ]);
}
