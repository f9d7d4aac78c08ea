import { directoryWriteError, nulBytes, plainError, transientError } from "#local/exchange/admin-api/error-answers";
import type { Call } from "#local/exchange/exchange";
import type { FaultName } from "#local/exchange/fault-kinds";
import type { Fault } from "#local/exchange/faults";
import type { Answer } from "#local/exchange/http-answer";

const throttled = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again.";

/** What a fault puts in the place of an answer; the faults that are not here change answers, or how they are made. */
const answers: Partial<Record<FaultName, (fault: Fault, call: Call) => Answer>> = {
  throttle: ({ value }) => {
    const answer = plainError(429, "TooManyRequests", throttled);
    return value === undefined ? answer : { ...answer, headers: { ...answer.headers, "Retry-After": String(value) } };
  },
  unavailable: () => plainError(503, "ServiceUnavailable", "The service is unavailable."),
  "gateway-timeout": () => plainError(504, "GatewayTimeout", "The gateway did not receive a response in time."),
  transient: ({ value }, { exchange }) =>
    transientError(String(value ?? "ADTransientException"), exchange.tenant.serverName),
  "directory-write": directoryWriteError,
  "not-found": () => plainError(404, "NotFound", "The resource could not be found."),
  "empty-error": ({ value }) => ({ status: Number(value ?? 500), headers: {}, body: "" }),
  "nul-403": nulBytes,
};

/** The answer of the first fault that has one of its own; undefined where none has. */
export function faultAnswer(call: Call): Answer | undefined {
  const fault = call.faults.all.find(({ name }) => answers[name] !== undefined);
  return fault && answers[fault.name]?.(fault, call);
}

/** An answer whose second half is missing. */
export function breakOff(answer: Answer): Answer {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
}
