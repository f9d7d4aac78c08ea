import type { DirectoryObject, JsonValue } from "#local/exchange/answer/json-answer";
import { ambiguousParameterSet, cannotBindEmpty, cannotConvert } from "#local/exchange/cmdlets/faults";
import type { Tenant } from "#local/exchange/tenant/tenant";

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

type BoundValue = string | readonly string[] | boolean;

/** A parameter's value as its kind takes it, or the fault PowerShell has for it. Null is empty text or an empty list. */
function bindValue(name: string, kind: ParameterKind, value: JsonValue): BoundValue {
  switch (kind) {
    case "text":
      return toText(name, value, "System.String");
    case "texts":
      return toTexts(name, value);
    case "list":
      return toList(name, value);
    case "size":
      return toSize(name, value);
    case "switch":
      return toBoolean(name, value, "System.Management.Automation.SwitchParameter");
    case "boolean":
      return toBoolean(name, value, "System.Boolean");
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

/** A list, or the one member of it, which may hold commas; none may be empty. */
function toList(name: string, value: JsonValue): readonly string[] {
  if (value === null) return [];
  return (isList(value) ? value : [value]).map((item) => {
    const text = toText(name, item, "Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]");
    if (text === "") throw cannotBindEmpty(name);
    return text;
  });
}

function toSize(name: string, value: JsonValue): string {
  const typeName = "Microsoft.Exchange.Data.Unlimited`1[System.UInt32]";
  const text = toText(name, value, typeName);
  if (text === "" || /^(?:unlimited|\d+)$/i.test(text)) return text;
  throw cannotConvert(name, dotnetTypeOf(value), typeName);
}

function toBoolean(name: string, value: JsonValue, typeName: string): boolean {
  if (typeof value === "boolean") return value;
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

/**
 * How a parameter's JSON is bound: switches and booleans from true and false alone, `list` from one text or a list,
 * `texts` likewise, where commas part one text into several.
 */
export type ParameterKind = "text" | "texts" | "list" | "switch" | "boolean" | "size";

/** A cmdlet that InvokeCommand runs. */
export type ServedCmdlet = {
  readonly name: string;
  readonly access: "read" | "write";
  readonly parameters: Readonly<Record<string, ParameterKind>>;
  /**
   * Every object that matches, or that was made, in the order of their places; cutting pages is the caller's. `nowMs` is
   * the server's clock. Throws CmdletFault.
   */
  run(tenant: Tenant, parameters: Readonly<Record<string, JsonValue>>, nowMs?: number): readonly DirectoryObject[];
};
