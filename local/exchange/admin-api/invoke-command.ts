import * as z from "zod";
import { seenTenant } from "#local/exchange/admin-api/authorize";
import { cutPage, nextLink, type Page } from "#local/exchange/admin-api/cut-page";
import { cmdletError, errorBody, nulBytes, plainError } from "#local/exchange/admin-api/error-answers";
import { toCliXml } from "#local/exchange/answer/clixml-answer";
import { type JsonValue, toJsonValue } from "#local/exchange/answer/json-answer";
import { mayRun, mayUseParameter } from "#local/exchange/app-registration";
import type { ServedCmdlet } from "#local/exchange/cmdlets/bind-parameters";
import { findServedCmdlet } from "#local/exchange/cmdlets/cmdlets";
import { ambiguousParameterSet, CmdletFault } from "#local/exchange/cmdlets/faults";
import type { Call } from "#local/exchange/exchange";
import { type Answer, headerOf, jsonAnswer } from "#local/exchange/http";

const bodySchema = z.object({
  CmdletInput: z.object({
    CmdletName: z.string().min(1),
    Parameters: z.record(z.string(), z.json()).nullish(),
  }),
});

/** A cmdlet's call as the body of InvokeCommand says it. */
export type CmdletInput = { cmdlet: string; parameters: Readonly<Record<string, JsonValue>> };

const defaultResultSize = 1_000;
const truncationWarning =
  "There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.";

/** Undefined where the body is not what InvokeCommand takes. */
export function readCmdletInput(body: string): CmdletInput | undefined {
  const input = bodySchema.safeParse(parseJson(body)).data?.CmdletInput;
  return input && { cmdlet: input.CmdletName, parameters: input.Parameters ?? {} };
}

/** Runs a cmdlet and answers one page of its output, in JSON or CLIXML. */
export function answerInvokeCommand(call: Call, input: CmdletInput | undefined): Answer {
  if (!input) return plainError(400, "BadRequest", "The request body is not a valid CmdletInput.");
  const { app } = call.exchange;
  const cmdlet = findServedCmdlet(input.cmdlet);
  if (!cmdlet || !mayRun(app.rights, cmdlet.name)) return nulBytes();
  try {
    return runCmdlet(call, cmdlet, input.parameters);
  } catch (error) {
    if (error instanceof CmdletFault) return cmdletError(errorBody(error));
    throw error;
  }
}

function runCmdlet(call: Call, cmdlet: ServedCmdlet, parameters: CmdletInput["parameters"]): Answer {
  const { app } = call.exchange;
  const isAllowed = Object.keys(parameters).every((name) => mayUseParameter(app.rights, cmdlet.name, name));
  if (!isAllowed) throw ambiguousParameterSet();

  const list = cmdlet.run(seenTenant(call), parameters, call.nowMs);
  const cut = cutPage(call, list, resultSizeOf(cmdlet, parameters));
  return "refusal" in cut ? cut.refusal : pageAnswer(call, cut.page);
}

function pageAnswer(call: Call, page: Page): Answer {
  const { request, exchange, faults } = call;
  const select = (request.query.get("$select") ?? "").split(",").filter((name) => name.trim() !== "");
  const isCliXml = headerOf(request, "x-responseformat")?.toLowerCase() === "clixml";
  const injected = faults.find("warning")?.value;
  const warnings = [...(injected === undefined ? [] : [String(injected)]), ...(page.isCut ? [truncationWarning] : [])];
  const value = isCliXml
    ? [{ _cliXml: toCliXml(page.rows, select) }]
    : page.rows.map((row) => toJsonValue(row, select));
  const link = nextLink(call, "InvokeCommand", page.nextToken);
  return jsonAnswer(200, {
    "@odata.context": `https://${exchange.environment.exchangeHost}/adminapi/beta/${exchange.tenant.id}/$metadata#Collection(Exchange.GenericHashTable)`,
    "adminapi.warnings@odata.type": "#Collection(String)",
    "@adminapi.warnings": warnings,
    value,
    ...(link === undefined ? {} : { "@odata.nextLink": link }),
  });
}

/** How much of its list a cmdlet with ResultSize shows; the others show everything. */
function resultSizeOf(cmdlet: ServedCmdlet, parameters: CmdletInput["parameters"]): number {
  if (cmdlet.parameters.ResultSize === undefined) return Number.POSITIVE_INFINITY;
  const [, asked] = Object.entries(parameters).find(([name]) => name.toLowerCase() === "resultsize") ?? [];
  if (asked === undefined || asked === null || asked === "") return defaultResultSize;
  return String(asked).toLowerCase() === "unlimited" ? Number.POSITIVE_INFINITY : Number(asked);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
