import { refuseUnauthorized } from "#local/exchange/admin-api/authorize";
import { plainError } from "#local/exchange/admin-api/error-answers";
import { answerInvokeCommand, type CmdletInput, readCmdletInput } from "#local/exchange/admin-api/invoke-command";
import { answerBanner, answerBasicInfo, answerModuleFile } from "#local/exchange/admin-api/module-file";
import { answerRecipient, readRecipientParameters, recipientCmdlet } from "#local/exchange/admin-api/recipient";
import type { JsonValue } from "#local/exchange/answer/json-answer";
import type { Call } from "#local/exchange/exchange";
import { type Answer, type HttpRequest, textAnswer } from "#local/exchange/http";

const path =
  /^\/adminapi\/(?:beta|v1\.0)\/([^/]+)\/(?:(exomodulefile)|(invokecommand)|(recipient)|(basicinfo)\('([^']*)'\)|(exobanner)\('([^']*)'\))$/i;

/** A request to the admin API: which endpoint, for which tenant, and what a log wants to know of it. */
export type AdminRequest = {
  tenant: string;
  method: "GET" | "POST";
  /** Whether it calls a cmdlet. */
  isCall: boolean;
  cmdlet: string | undefined;
  parameters: Readonly<Record<string, JsonValue>>;
  answer(call: Call): Answer;
};

/** Undefined where there is nothing at that path. */
export function readAdminRequest(request: HttpRequest): AdminRequest | undefined {
  const [, tenant = "", moduleFile, invokeCommand, recipient, basicInfo, property = "", , banner = ""] =
    path.exec(request.path) ?? [];
  if (tenant === "") return undefined;
  if (invokeCommand) return invocation(tenant, readCmdletInput(request.body));
  const read = { tenant, method: "GET" as const, isCall: false, cmdlet: undefined };
  const parameters = Object.fromEntries(request.query.entries());
  if (recipient) {
    const asked = readRecipientParameters(request);
    return { ...read, isCall: true, cmdlet: recipientCmdlet, parameters: asked, answer: answerRecipient };
  }
  if (moduleFile) return { ...read, parameters, answer: answerModuleFile };
  const answer = basicInfo ? () => answerBasicInfo(property) : () => answerBanner(banner);
  return { ...read, parameters, answer };
}

/** Answers as Exchange Online's host. */
export function answerAdminApi(call: Call, asked: AdminRequest | undefined): Answer {
  if (!asked) return plainError(404, "NotFound", `There is nothing at ${call.request.path}.`);
  if (call.request.method !== asked.method) {
    return textAnswer(405, `${asked.method} is asked for here.`, { Allow: asked.method });
  }
  return refuseUnauthorized(call, asked.tenant) ?? asked.answer(call);
}

function invocation(tenant: string, input: CmdletInput | undefined): AdminRequest {
  return {
    tenant,
    method: "POST",
    isCall: true,
    cmdlet: input?.cmdlet,
    parameters: input?.parameters ?? {},
    answer: (call) => answerInvokeCommand(call, input),
  };
}
