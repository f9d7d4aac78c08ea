import type { TypedValue } from "#local/exchange/answer/json-answer";
import type { FilterProperty } from "#local/exchange/filter/filter-expression";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

/** A property a cmdlet shows. One without `filter` cannot be filtered on. */
export type Property = {
  readonly name: string;
  readonly value: (record: DirectoryRecord, tenant: Tenant) => TypedValue;
  readonly filter?: FilterProperty;
};

type Read<Value> = (record: DirectoryRecord, tenant: Tenant) => Value;

export function text(name: string, read: Read<string>): Property {
  return { name, value: read, filter: { kind: "text", read } };
}

export function flag(name: string, read: Read<boolean>): Property {
  return { name, value: read, filter: { kind: "boolean", read } };
}

export function guid(name: string, read: Read<string>): Property {
  return { name, value: (record, tenant) => ({ guid: read(record, tenant) }), filter: { kind: "guid", read } };
}

export function integer(name: string, read: Read<number | undefined>): Property {
  const value = (record: DirectoryRecord, tenant: Tenant) => {
    const number = read(record, tenant);
    return number === undefined ? null : { int32: number };
  };
  return { name, value, filter: { kind: "integer", read } };
}

/** A time, in milliseconds since 1970. Those not named UTC are shown in the server's local time. */
export function time(name: string, read: Read<number | undefined>): Property {
  const local = name.endsWith("UTC") ? {} : { local: true as const };
  const value = (record: DirectoryRecord, tenant: Tenant) => {
    const timeMs = read(record, tenant);
    return timeMs === undefined ? null : { dateTime: isoTime(timeMs), ...local };
  };
  return { name, value, filter: { kind: "time", read } };
}

export function enumeration(name: string, typeName: string, members: readonly string[], read: Read<string>): Property {
  return {
    name,
    value: (record, tenant) => ({ enum: read(record, tenant), typeName }),
    filter: { kind: "enumeration", read, typeName, members },
  };
}

/** Several members of an enumeration at once: shown with blanks behind the commas, compared without. */
export function flags(name: string, typeName: string, members: readonly string[], read: Read<string>): Property {
  return {
    name,
    value: (record, tenant) => ({ enum: read(record, tenant).replaceAll(",", ", "), typeName }),
    filter: { kind: "enumeration", read, typeName, members },
  };
}

export function list(name: string, read: Read<readonly string[]>, typeName?: string): Property {
  const type = typeName === undefined ? {} : { typeName };
  return {
    name,
    value: (record, tenant) => ({ list: read(record, tenant), ...type }),
    filter: { kind: "texts", read },
  };
}

/** Another object, shown by its short name. */
export function link(name: string, read: Read<DirectoryRecord | undefined>): Property {
  return {
    name,
    value: (record, tenant) => read(record, tenant)?.name ?? null,
    filter: {
      kind: "link",
      holds: (record, target, tenant) => read(record, tenant) === target,
      isEmpty: (record, tenant) => read(record, tenant) === undefined,
    },
  };
}

/** Other objects, shown by their short names. */
export function links(name: string, read: Read<readonly DirectoryRecord[]>): Property {
  return {
    name,
    value: (record, tenant) => ({ list: read(record, tenant).map((target) => target.name) }),
    filter: {
      kind: "link",
      holds: (record, target, tenant) => read(record, tenant).includes(target),
      isEmpty: (record, tenant) => read(record, tenant).length === 0,
    },
  };
}

/** Text that no object of a generated tenant has. */
export function emptyText(name: string): Property {
  return text(name, () => "");
}

/** A list that is empty for every object of a generated tenant. */
export function emptyList(name: string): Property {
  return list(name, () => []);
}

/** What is null, rather than empty text, for every object of a generated tenant. */
export function nothing(name: string): Property {
  return { name, value: () => null, filter: { kind: "text", read: () => "" } };
}

/** The same property, which the cmdlet shows but cannot filter on. */
export function shownOnly({ name, value }: Property): Property {
  return { name, value };
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(".000Z", "Z");
}
