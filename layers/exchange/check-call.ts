import type { Access, CallValue, Cmdlet } from "#exchange/cmdlet";
import type { Connection } from "#powershell/session";
import { ExchangeError } from "#runtime/errors";
import { summarizeIssues } from "#runtime/text";

/**
 * The parameters to send, those that go with every call included. Anything the description does not allow is
 * `PARAMETER_INVALID`, an identity `IDENTITY_INVALID`, without repeating the value.
 */
export function checkParameters<Row, Parameters>(
  cmdlet: Cmdlet<Row, Parameters, Access>,
  parameters: Parameters,
): Record<string, CallValue> {
  const parsed = cmdlet.parameters.safeParse(parameters);
  if (!parsed.success) {
    const isIdentity = parsed.error.issues.some(
      (issue) => issue.code === "custom" && issue.params?.isIdentity === true,
    );
    const code = isIdentity ? "IDENTITY_INVALID" : "PARAMETER_INVALID";
    throw new ExchangeError(
      code,
      `${cmdlet.name} cannot be called with these parameters: ${summarizeIssues(parsed.error)}`,
    );
  }
  const { propertiesParameter: name, properties } = cmdlet;
  const selection = name === undefined ? {} : { [name]: properties };
  return { ...(parsed.data as Record<string, CallValue>), ...cmdlet.alwaysSent, ...selection };
}

/**
 * The parameters that this app sends, those added that it may use. `COMMAND_NOT_PERMITTED` or `PARAMETER_NOT_PERMITTED` where
 * its roles lack the cmdlet or a parameter that is needed.
 */
export function permitParameters<Row, Parameters>(
  connection: Connection,
  cmdlet: Cmdlet<Row, Parameters, Access>,
  values: Record<string, CallValue>,
): Record<string, CallValue> {
  const isPermitted = permissionsOf(connection, cmdlet.name);
  if (isPermitted === undefined) {
    throw new ExchangeError(
      "COMMAND_NOT_PERMITTED",
      `The app may not use ${cmdlet.name}: its session lacks it. Give the app an Exchange role that has ${cmdlet.name}.`,
    );
  }
  const missing = Object.keys(values).filter((name) => !isPermitted(name));
  if (missing.length > 0) {
    throw new ExchangeError(
      "PARAMETER_NOT_PERMITTED",
      `The app may use ${cmdlet.name}, but not with ${missing.join(", ")}. Give the app an Exchange role that has ${cmdlet.name} with it.`,
    );
  }
  const added = Object.entries(cmdlet.sentWherePermitted).filter(([name]) => isPermitted(name));
  return { ...values, ...Object.fromEntries(added) };
}

/**
 * Tells of a parameter whether the app may use it; undefined where it may not use the cmdlet. PowerShell's names are the
 * same in any letter case.
 */
export function permissionsOf({ commands }: Connection, cmdlet: string): ((parameter: string) => boolean) | undefined {
  const wanted = cmdlet.toLowerCase();
  const permitted = commands.entries().find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (permitted === undefined) return undefined;
  const names = new Set([...permitted].map((name) => name.toLowerCase()));
  return (parameter) => names.has(parameter.toLowerCase());
}
