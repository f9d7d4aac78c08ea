import type { DirectoryObject, TypedValue } from "#local/exchange/answer/json-answer";
import type { SortKey } from "#local/exchange/cmdlets/list-records";
import type { Property } from "#local/exchange/cmdlets/property";
import type { FilterProperties, FilterProperty } from "#local/exchange/filter/filter-expression";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

/** The properties of a cmdlet's objects, in the order it shows them. */
export type PropertyTable = FilterProperties & {
  readonly properties: readonly Property[];
  /** The property of that name, in any letter case. */
  get(name: string): Property | undefined;
};

/** `filterOnly` holds what can be filtered on and is not shown. */
export function createPropertyTable(
  properties: readonly Property[],
  filterOnly: Readonly<Record<string, FilterProperty>> = {},
): PropertyTable {
  const byName = new Map(properties.map((property) => [property.name.toLowerCase(), property]));
  const hidden = new Map(Object.entries(filterOnly).map(([name, filter]) => [name.toLowerCase(), filter]));
  return {
    properties,
    get: (name) => byName.get(name.toLowerCase()),
    find: (name) => {
      const property = byName.get(name.toLowerCase());
      return property ? (property.filter ?? "notFilterable") : hidden.get(name.toLowerCase());
    },
  };
}

/** A record as a cmdlet shows it; all of it is computed when it is looked at. `sortKey` where names do not sort the list. */
export function showRecord(
  typeNames: readonly string[],
  properties: readonly Property[],
  record: DirectoryRecord,
  tenant: Tenant,
  sortKey?: SortKey,
): DirectoryObject {
  return new ShownRecord(typeNames, properties, record, tenant, sortKey);
}

class ShownRecord implements DirectoryObject {
  readonly typeNames: readonly string[];
  readonly #properties: readonly Property[];
  readonly #record: DirectoryRecord;
  readonly #tenant: Tenant;
  readonly #sortKey: SortKey | undefined;

  constructor(
    typeNames: readonly string[],
    properties: readonly Property[],
    record: DirectoryRecord,
    tenant: Tenant,
    sortKey: SortKey | undefined,
  ) {
    this.typeNames = typeNames;
    this.#properties = properties;
    this.#record = record;
    this.#tenant = tenant;
    this.#sortKey = sortKey;
  }

  get place(): readonly string[] {
    const byName = [this.#record.name.toLowerCase(), this.#record.guid];
    return this.#sortKey === undefined ? byName : [this.#sortKey(this.#record), ...byName];
  }

  get properties(): Readonly<Record<string, TypedValue>> {
    const values: Record<string, TypedValue> = {};
    for (const { name, value } of this.#properties) values[name] = value(this.#record, this.#tenant);
    return values;
  }
}
