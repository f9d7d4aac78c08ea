import { type Deadline, withinDeadline } from "#runtime/deadline";

/**
 * Lets calls have something to themselves, one after another. `take` waits until every earlier one has been given back,
 * or throws `DEADLINE_TOO_CLOSE`; it answers with what gives the turn back.
 */
export function createTurns() {
  let last = Promise.resolve();

  return async function take(deadline: Deadline): Promise<() => void> {
    const { promise, resolve: giveBack } = Promise.withResolvers<void>();
    const before = last;
    last = before.then(() => promise);
    try {
      await withinDeadline(before, deadline, "an earlier call of the same session to end");
    } catch (error) {
      giveBack();
      throw error;
    }
    return giveBack;
  };
}
