import { performance } from "node:perf_hooks";
import type { Access, Cmdlet } from "#exchange/cmdlet";
import { isCredentialFault, isSignInRefused } from "#exchange/credential/credential-source";
import { classifyError, outcomeUnknown } from "#exchange/errors/classify";
import { CmdletError } from "#powershell/calls";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type ErrorCode, ExchangeError } from "#runtime/errors";
import { recordMetric } from "#runtime/telemetry";

/**
 * The module repeats a call by itself, a write too, and shows the last refusal only. It waits two seconds before it does:
 * a refusal that comes sooner is about the first try.
 */
const repeatedAfterMs = 1_500;

/**
 * Refusals that a first try would have met as well, so that it did nothing either; and that somebody is a member already,
 * which is true whoever did it. A name or address in use is none of them: a first try may have taken it.
 */
const settledHoweverOften: ReadonlySet<ErrorCode> = new Set([
  "ALREADY_MEMBER",
  "NOT_GROUP_MANAGER",
  "MASTERED_ON_PREMISES",
  "GROUP_TYPE_UNSUPPORTED",
  "CHANGE_REFUSED",
  "VALUE_REFUSED",
  "DOMAIN_NOT_ACCEPTED",
  "PARAMETERS_REJECTED",
  "COMMAND_NOT_PERMITTED",
]);

/** One call of a cmdlet, and what a failure of it means. */
export function createAttempt(
  { name, access }: Pick<Cmdlet<unknown, unknown, Access>, "name" | "access">,
  environmentName: ExchangeEnvironmentName,
) {
  const attempt = { cmdlet: name, access, environmentName };
  let sentAt: number | undefined;

  function explain(thrown: unknown): unknown {
    if (access === "write" && sentAt !== undefined) return explainWrite(thrown, performance.now() - sentAt);
    return thrown instanceof CmdletError ? classifyError(thrown, attempt) : thrown;
  }

  function explainWrite(thrown: unknown, tookMs: number): ExchangeError {
    if (!(thrown instanceof CmdletError)) return outcomeUnknown(name, String(thrown), thrown);
    const error = classifyError(thrown, attempt);
    const isAboutAll = tookMs < repeatedAfterMs || settledHoweverOften.has(error.code);
    return isAboutAll || error.code === "OUTCOME_UNKNOWN"
      ? error
      : outcomeUnknown(name, `After a possible repetition: ${error.message}`, error);
  }

  return {
    noteSent: () => {
      sentAt = performance.now();
    },
    /** The error to throw for what was thrown. */
    explain,
  };
}

/**
 * The rows of a call that `send` makes over a session. Where the session's sign-in is refused before the first row, the
 * call has done nothing, and is made once more over the session that `connect` then answers.
 */
export async function* callSignedIn<Session, Row>(
  connect: () => Promise<Session>,
  send: (session: Session) => AsyncGenerator<Row, void>,
): AsyncGenerator<Row, void> {
  const session = await connect();
  let hasAnswered = false;
  try {
    for await (const row of send(session)) {
      hasAnswered = true;
      yield row;
    }
    return;
  } catch (error) {
    if (!isSignInRefused(error)) throw error;
    if (hasAnswered) throw interrupted(error);
  }
  yield* send(await connect());
}

function interrupted(cause: unknown): ExchangeError {
  const message = "The session's sign-in was refused between two rows. Read again from the start: that signs in anew.";
  return new ExchangeError("NOT_CONNECTED", message, { cause });
}

/** Counts a call that failed because the credential or its app was refused, or because the tenant has too many under way. */
export function countRefusal(thrown: unknown): void {
  if (!(thrown instanceof ExchangeError)) return;
  const { code, cause } = thrown;
  if (isCredentialFault(thrown)) recordMetric("SignInRefused", 1);
  else if (code === "THROTTLED") recordMetric("Throttled", 1);
  else countRefusal(cause);
}

/** All that Exchange says of an answer it has cut, and Get-EXORecipient does not show even that. */
const warning = /There are more results available than are currently displayed/i;

/** Looks for that warning among those that pass. */
export function watchTruncation(onWarning?: (text: string) => void) {
  let isTruncated = false;
  return {
    onWarning: (text: string) => {
      isTruncated ||= warning.test(text);
      onWarning?.(text);
    },

    /** Throws `ANSWER_TRUNCATED` where it has passed: the rows of a read of everything are not all there are. */
    refuseTruncated: (cmdlet: string) => {
      if (!isTruncated) return;
      throw new ExchangeError(
        "ANSWER_TRUNCATED",
        `${cmdlet} was asked for everything, and Exchange says that there is more than it gave. The rows read are not all there are: ask with ResultSize Unlimited, or for a part that fits.`,
      );
    },
  };
}
