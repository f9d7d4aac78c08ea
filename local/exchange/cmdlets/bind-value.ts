import type { JsonValue } from "#local/exchange/answer/json-value";
import { cannotBindEmpty, cannotConvert } from "#local/exchange/cmdlets/faults";
import type { ParameterKind } from "#local/exchange/cmdlets/served-cmdlet";

export type BoundValue = string | readonly string[] | boolean;

/** A parameter's value as its kind takes it, or the fault PowerShell has for it. Null is empty text or an empty list. */
export function bindValue(name: string, kind: ParameterKind, value: JsonValue): BoundValue {
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
