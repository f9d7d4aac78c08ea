/** A property's value with the .NET type it has in PowerShell. Lists hold text. */
export type TypedValue =
  | string
  | boolean
  | null
  | { guid: string }
  /** ISO 8601 in UTC. `local` marks a time that PowerShell shows as local time, as WhenChanged beside WhenChangedUTC. */
  | { dateTime: string; local?: true }
  | { int32: number }
  | { enum: string; typeName: string }
  | { list: readonly string[]; typeName?: string };

/**
 * One object of a cmdlet's answer. `properties` may be computed at each access, in the order the real cmdlet shows them:
 * take it once per row, and only for the rows of the page that is sent.
 */
export type DirectoryObject = {
  /** The object's type and its base types, nearest first. */
  readonly typeNames: readonly string[];
  /** Where it stands in its list: lists are in ascending order of these texts, the first of them counting most. */
  readonly place: readonly string[];
  readonly properties: Readonly<Record<string, TypedValue>>;
};

/** Anything JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * A row of InvokeCommand's JSON: types that JSON has not stand as annotations in front of their property.
 * With `select` only those properties, in any letter case; names the object does not have are left out.
 */
export function toJsonValue(object: DirectoryObject, select?: readonly string[]): JsonValue {
  const isSelected = selection(select);
  const row: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(object.properties)) {
    if (isSelected(name)) annotate(row, name, value);
  }
  return row;
}

/** A row of Recipient, as plain OData: GUIDs and times are text. */
export function toRecipientValue(object: DirectoryObject): JsonValue {
  const row: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(object.properties)) row[name] = toPlain(value);
  return row;
}

/** Which property names a `$select` lets through; all of them where it names none. */
export function selection(select: readonly string[] | undefined): (name: string) => boolean {
  if (select === undefined || select.length === 0) return () => true;
  const names = new Set(select.map((name) => name.trim().toLowerCase()));
  return (name) => names.has(name.toLowerCase());
}

function annotate(row: Record<string, JsonValue>, name: string, value: TypedValue): void {
  if (value === null || typeof value !== "object" || "enum" in value) {
    row[name] = toPlain(value);
  } else if ("guid" in value) {
    row[`${name}@data.type`] = "System.Guid";
    row[`${name}@odata.type`] = "#Guid";
    row[name] = value.guid;
  } else if ("dateTime" in value) {
    row[`${name}@data.type`] = "System.DateTime";
    row[name] = toRoundTripTime(value.dateTime);
  } else if ("int32" in value) {
    row[`${name}@data.type`] = "System.Int32";
    row[name] = value.int32;
  } else {
    row[`${name}@odata.type`] = "#Collection(String)";
    row[name] = value.list;
  }
}

function toPlain(value: TypedValue): JsonValue {
  if (value === null || typeof value !== "object") return value;
  if ("guid" in value) return value.guid;
  if ("dateTime" in value) return value.dateTime;
  if ("int32" in value) return value.int32;
  return "enum" in value ? value.enum : value.list;
}

/** `2024-04-10T08:56:22Z` as .NET writes a time that keeps its offset: `2024-04-10T08:56:22.0000000+00:00`. */
function toRoundTripTime(dateTime: string): string {
  const [whole = "", fraction = ""] = dateTime.replace(/Z$/, "").split(".");
  return `${whole}.${fraction.padEnd(7, "0")}+00:00`;
}
