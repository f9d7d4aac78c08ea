import { brokenStates } from "#test/support/broken-states";
import { describeBrokenStates } from "#test/support/validate-broken-states";

/** One state for each check that can fail. */
const first = new Map(brokenStates.toReversed().map((state) => [state.check, state]));

describeBrokenStates([...first.values()]);
