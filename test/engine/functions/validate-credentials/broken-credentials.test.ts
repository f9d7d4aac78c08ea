import { brokenStates } from "#test/support/broken-states";
import { describeBrokenStates } from "#test/support/validate-broken-states";

/** The checks that Node makes by itself, from the secret's text and the certificate in it. */
const madeByNode = [
  ...["secret readable", "secret shape", "certificate base64", "app id", "tenant domain"],
  ...["key algorithm and size", "certificate validity"],
];

/** One state for each check that PowerShell, the module or a server is the witness of. */
const witnessed = brokenStates.filter(({ check }) => !madeByNode.includes(check));
const first = new Map(witnessed.toReversed().map((state) => [state.check, state]));

describeBrokenStates([...first.values()]);
