import { isSignInRefused } from "#exchange/sign-in-lost";
import { ExchangeError } from "#runtime/errors";

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
