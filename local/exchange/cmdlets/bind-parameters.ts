import type { JsonValue } from "#local/exchange/answer/json-value";
import { type BoundValue, bindValue } from "#local/exchange/cmdlets/bind-value";
import { ambiguousParameterSet, cannotBindEmpty } from "#local/exchange/cmdlets/faults";
import type { ParameterKind } from "#local/exchange/cmdlets/served-cmdlet";

/** Parameters under the names the cmdlet gives them. Null and empty text are as good as not given, save where told. */
export type BoundParameters = {
  text(name: string): string | undefined;
  /** Throws where the parameter is not given, or empty. */
  mandatoryText(name: string): string;
  texts(name: string): readonly string[] | undefined;
  /** Whether a switch is on. */
  isOn(name: string): boolean;
  /** What a boolean was set to. */
  flag(name: string): boolean | undefined;
};

/** What every cmdlet takes beside its own parameters; their values travel as text and change nothing in the answer. */
const commonParameters = new Set(
  [
    "Debug",
    "ErrorAction",
    "ErrorVariable",
    "InformationAction",
    "InformationVariable",
    "OutBuffer",
    "OutVariable",
    "PipelineVariable",
    "ProgressAction",
    "Verbose",
    "WarningAction",
    "WarningVariable",
  ].map((name) => name.toLowerCase()),
);

/** Binds a request's parameters as PowerShell would: names in any letter case, switches from true and false alone. */
export function bindParameters(
  kinds: Readonly<Record<string, ParameterKind>>,
  parameters: Readonly<Record<string, JsonValue>>,
): BoundParameters {
  const known = new Map(Object.entries(kinds).map(([name, kind]) => [name.toLowerCase(), { name, kind }]));
  const bound = new Map<string, BoundValue>();
  for (const [given, value] of Object.entries(parameters)) {
    const parameter = known.get(given.toLowerCase());
    if (parameter) bound.set(parameter.name, bindValue(parameter.name, parameter.kind, value));
    else if (!commonParameters.has(given.toLowerCase())) throw ambiguousParameterSet();
  }
  return read(bound);
}

function read(bound: ReadonlyMap<string, BoundValue>): BoundParameters {
  const text = (name: string) => {
    const value = bound.get(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    text,
    mandatoryText: (name) => {
      if (!bound.has(name)) throw ambiguousParameterSet();
      const value = text(name);
      if (value === undefined) throw cannotBindEmpty(name);
      return value;
    },
    texts: (name) => {
      const value = bound.get(name);
      return typeof value === "object" && value.length > 0 ? value : undefined;
    },
    isOn: (name) => bound.get(name) === true,
    flag: (name) => {
      const value = bound.get(name);
      return typeof value === "boolean" ? value : undefined;
    },
  };
}
