import { badRequest } from "#local/exchange/cmdlets/faults";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";

/** What records are compared by, in lower case. */
export type SortKey = (record: DirectoryRecord) => string;

/** What `-SortBy` takes. */
const sortKeys: Readonly<Record<string, SortKey>> = {
  name: (record) => record.name.toLowerCase(),
  displayname: (record) => record.displayName.toLowerCase(),
  alias: (record) => record.alias.toLowerCase(),
  city: (record) => record.city.toLowerCase(),
  firstname: (record) => record.firstName.toLowerCase(),
  lastname: (record) => record.lastName.toLowerCase(),
  office: (record) => record.office.toLowerCase(),
};

export function sortKeyOf(property: string): SortKey {
  const key = sortKeys[property.toLowerCase()];
  if (key !== undefined) return key;
  throw badRequest("System.ArgumentException", `The property "${property}" can't be used to sort the results.`);
}

/** Records in ascending order, equal ones in the order they came. */
export function sortRecords(records: readonly DirectoryRecord[], sortKey: SortKey): readonly DirectoryRecord[] {
  const keyed = records.map((record) => ({ record, key: sortKey(record) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ record }) => record);
}
