import type { JsonValue } from "#local/exchange/answer/json-value";
import type { CmdletFault } from "#local/exchange/cmdlets/cmdlet-fault";

/** The two ways to ask, which word their errors differently. */
export type Surface = "InvokeCommand" | "Recipient";

export type ErrorAnswer = { status: number; headers: Readonly<Record<string, string>>; body: JsonValue };

/** A cmdlet's failure as the answer to a request: status, headers and the JSON body. */
export function errorBody(fault: CmdletFault, surface: Surface = "InvokeCommand"): ErrorAnswer {
  const message = surface === "InvokeCommand" ? "Error executing cmdlet" : `Error executing request. ${fault.text}`;
  return {
    status: fault.status,
    headers: { "x-ExceptionType": fault.exceptionType },
    body: {
      error: {
        code: fault.errorCode,
        message,
        details: [{ code: "Context", target: "", message: `${fault.id}|${fault.type}|${fault.text}` }],
        innererror: {
          message,
          type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
          internalexception: { message: fault.text, type: fault.type },
        },
        ...(surface === "InvokeCommand"
          ? { "adminapi.warnings@odata.type": "#Collection(String)", "@adminapi.warnings": [] }
          : {}),
      },
    },
  };
}
