import { seenTenant } from "#local/exchange/admin-api/authorize";
import { cutPage, nextLink, type Page } from "#local/exchange/admin-api/cut-page";
import { cmdletError, errorBody, nulBytes } from "#local/exchange/admin-api/error-answers";
import { type JsonValue, toRecipientValue } from "#local/exchange/answer/json-answer";
import { mayRun } from "#local/exchange/app-registration";
import { CmdletFault } from "#local/exchange/cmdlets/faults";
import { queryRecipients } from "#local/exchange/cmdlets/recipient-query";
import type { Call } from "#local/exchange/exchange";
import { type Answer, type HttpRequest, headerOf, jsonAnswer } from "#local/exchange/http";

/** The cmdlet that asks for Recipient. */
export const recipientCmdlet = "Get-EXORecipient";

/** What was asked, under the names of the query's options; Identity as the header gives it. */
export function readRecipientParameters(request: HttpRequest): Readonly<Record<string, JsonValue>> {
  const identity = identityOf(request);
  return { ...Object.fromEntries(request.query.entries()), ...(identity === undefined ? {} : { Identity: identity }) };
}

/** Answers one page of recipients as OData. */
export function answerRecipient(call: Call): Answer {
  if (!mayRun(call.exchange.app.rights, recipientCmdlet)) return nulBytes();
  try {
    const { query } = call.request;
    const list = queryRecipients(seenTenant(call), {
      identity: identityOf(call.request),
      filter: query.get("$filter"),
      recipientTypeDetails: namesIn(query.get("RecipientTypeDetails")),
      recipientType: namesIn(query.get("RecipientType")),
      organizationalUnit: query.get("OrganizationalUnit"),
      select: namesIn(query.get("$select")),
      propertySet: query.get("PropertySet"),
    });
    const cut = cutPage(call, list, Number(query.get("$top") ?? Number.POSITIVE_INFINITY));
    return "refusal" in cut ? cut.refusal : pageAnswer(call, cut.page);
  } catch (error) {
    if (error instanceof CmdletFault) return cmdletError(errorBody(error, "Recipient"));
    throw error;
  }
}

function pageAnswer(call: Call, page: Page): Answer {
  const { environment, tenant } = call.exchange;
  const warning = call.faults.find("warning")?.value;
  const link = nextLink(call, "Recipient", page.nextToken);
  const body = {
    "@odata.context": `https://${environment.exchangeHost}/adminapi/beta/${tenant.id}/$metadata#Recipient`,
    value: page.rows.map((row) => toRecipientValue(row)),
    ...(link === undefined ? {} : { "@odata.nextLink": link }),
  };
  return jsonAnswer(200, body, warning === undefined ? {} : { "X-Warnings": toHeader(String(warning)) });
}

/** With ReadIdsAndParamsFromHeaders the identity travels in a header, UTF-8 in base64. */
function identityOf(request: HttpRequest): string | undefined {
  if (request.query.get("ReadIdsAndParamsFromHeaders")?.toLowerCase() !== "true") return undefined;
  const encoded = headerOf(request, "xparameter-identity");
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
}

function namesIn(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Headers hold printable ASCII. */
function toHeader(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?");
}
