import { randomUUID } from "node:crypto";
import { appPermission, type ExchangeEnvironment } from "#exchange/clouds";
import type { JsonValue } from "#local/exchange/answer/json-answer";
import { badRequest, CmdletFault } from "#local/exchange/cmdlets/faults";
import { type Answer, jsonAnswer } from "#local/exchange/http";

const nulByteCount = 512;

/** An error that no cmdlet made, in the layout cmdlets' errors have. */
export function plainError(status: number, code: string, text: string): Answer {
  return jsonAnswer(status, {
    error: {
      code,
      message: text,
      details: [{ code: "Context", target: "", message: text }],
      innererror: { message: text, type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException" },
    },
  });
}

export function cmdletError(error: ErrorAnswer): Answer {
  return jsonAnswer(error.status, error.body, error.headers);
}

/** What the endpoints around the cmdlets answer: a message, and nothing more. */
export function messageError(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonAnswer(status, { error: { message } }, headers);
}

/** The answer to a cmdlet the app may not run: NUL bytes that claim to be compressed. */
export function nulBytes(): Answer {
  return {
    status: 403,
    headers: { "Content-Type": "application/json; charset=utf-8", "Content-Encoding": "gzip" },
    body: Buffer.alloc(nulByteCount),
  };
}

/** 401 for a token that is missing, not valid, or not enough. */
export function unauthorized(environment: ExchangeEnvironment, error: string): Answer {
  const challenge = [
    `client_id="${appPermission.resourceAppId}"`,
    'trusted_issuers="00000001-0000-0000-c000-000000000000@*"',
    'token_types="app_asserted_user_v1 service_asserted_app_v1"',
    `authorization_uri="https://${environment.signInHost}/common/oauth2/authorize"`,
    error,
  ];
  return messageError(401, "UnAuthorized", { "WWW-Authenticate": `Bearer ${challenge.join(", ")}` });
}

/** A failure of the directory that passes. A type without a namespace is one of the directory's. */
export function transientError(type: string, serverName: string): Answer {
  const fullType = type.includes(".") ? type : `Microsoft.Exchange.Data.Directory.${type}`;
  const text = `Active Directory operation failed on ${serverName}. This error is retriable. Additional information: The server is busy.`;
  const fault = new CmdletFault({ status: 500, errorCode: "InternalServerError", id: "", type: fullType, text });
  return cmdletError(errorBody(fault));
}

/** What a write is answered with to an object that the app's roles do not reach. */
export function outsideWriteScope(objectDn: string): Answer {
  const text = `"${objectDn}" isn't within your current write scopes. Can't perform save operation.`;
  return cmdletError(errorBody(badRequest("Microsoft.Exchange.Data.Directory.ADScopeException", text)));
}

/**
 * What a write is answered with that Exchange could not repeat in Entra ID, where objects are kept as well, for the reason
 * that Entra ID gave.
 */
export function directoryWriteError(reason = "Service is temporarily unavailable."): Answer {
  const text = `An Azure Active Directory call was made to keep object in sync between Azure Active Directory and Exchange Online. However, it failed. Detailed error message: \n\t${reason} DualWrite (Graph) RequestId: ${randomUUID()}\nThe issue may be transient and please retry a couple of minutes later. If issue persists, please see exception members for more information.`;
  const fault = badRequest("Microsoft.Exchange.Configuration.DualWrite.LocStrings.UnableToWriteToAadException", text);
  return cmdletError(errorBody(fault));
}

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
