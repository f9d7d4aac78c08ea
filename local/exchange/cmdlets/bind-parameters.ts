import type { JsonValue } from "#local/exchange/answer/json-value";
import { ambiguousParameterSet, cannotConvert } from "#local/exchange/cmdlets/faults";
import type { ParameterKind } from "#local/exchange/cmdlets/served-cmdlet";

/** Parameters under the names the cmdlet gives them. Null and empty text are as good as not given. */
export type BoundParameters = {
  text(name: string): string | undefined;
  texts(name: string): readonly string[] | undefined;
  isOn(name: string): boolean;
};

type BoundValue = string | readonly string[] | boolean;

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
    if (parameter) bound.set(parameter.name, bind(parameter.name, parameter.kind, value));
    else if (!commonParameters.has(given.toLowerCase())) throw ambiguousParameterSet();
  }
  return {
    text: (name) => {
      const value = bound.get(name);
      return typeof value === "string" && value !== "" ? value : undefined;
    },
    texts: (name) => {
      const value = bound.get(name);
      return typeof value === "object" && value.length > 0 ? value : undefined;
    },
    isOn: (name) => bound.get(name) === true,
  };
}

function bind(name: string, kind: ParameterKind, value: JsonValue): BoundValue {
  switch (kind) {
    case "text":
      return toText(name, value, "System.String");
    case "texts":
      return toTexts(name, value);
    case "size":
      return toSize(name, value);
    case "switch":
      if (typeof value === "boolean") return value;
      throw cannotConvert(name, dotnetTypeOf(value), "System.Management.Automation.SwitchParameter");
  }
}

function toText(name: string, value: JsonValue, typeName: string): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  throw cannotConvert(name, dotnetTypeOf(value), typeName);
}

/** A list, or one text in which commas part the members of an enumeration. */
function toTexts(name: string, value: JsonValue): readonly string[] {
  if (isList(value)) return value.map((item) => toText(name, item, "System.String[]"));
  const text = toText(name, value, "System.String[]");
  return text === "" ? [] : text.split(",").map((part) => part.trim());
}

function toSize(name: string, value: JsonValue): string {
  const typeName = "Microsoft.Exchange.Data.Unlimited`1[System.UInt32]";
  const text = toText(name, value, typeName);
  if (text === "" || /^(?:unlimited|\d+)$/i.test(text)) return text;
  throw cannotConvert(name, dotnetTypeOf(value), typeName);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function dotnetTypeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (isList(value)) return "System.Object[]";
  return (
    { string: "System.String", number: "System.Int64", boolean: "System.Boolean" }[typeof value as string] ??
    "System.Collections.Hashtable"
  );
}
