import { createExchangeClient } from "#exchange/client";
import type { Row } from "#powershell/frames";
import { deadlineIn } from "#runtime/deadline";
import { failureOf, recordOf } from "#test/support/error-records";
import { guardMs } from "#test/support/eventually";
import { type CallStep, credential, scriptExchange } from "#test/support/script-exchange";

const notFoundText =
  "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'X' couldn't be found on 'DC'.";
const ambiguousText =
  'Ex8155FB|Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException|There are multiple recipients matching the identity "X". Please specify a unique value.';

/** Answers of a scripted Exchange. */
export const rowsOf = (...rows: Row[]): CallStep => ({ rows: [rows] });
export const refusal = (text: string): CallStep => ({ failed: failureOf("invoke", recordOf(text)) });
export const notFound = refusal(notFoundText);
export const ambiguous = refusal(ambiguousText);

/** A client whose calls get these answers, one after another. */
export function startScriptedClient(...calls: CallStep[]) {
  const exchange = scriptExchange({ calls });
  const client = createExchangeClient({
    ...exchange,
    environmentName: "O365Default",
    readCredential: async () => credential,
  });
  return {
    client,
    exchange,
    options: { deadline: deadlineIn(guardMs) },
    stop: client.close,
  };
}
