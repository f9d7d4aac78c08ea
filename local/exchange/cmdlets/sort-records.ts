import { CmdletFault } from "#local/exchange/cmdlets/cmdlet-fault";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";

type SortKey = (record: DirectoryRecord) => string;

/** What `-SortBy` of Get-User takes. */
const sortKeys: Readonly<Record<string, SortKey>> = {
  name: (record) => record.name,
  displayname: (record) => record.displayName,
  city: (record) => record.city,
  firstname: (record) => record.firstName,
  lastname: (record) => record.lastName,
  office: (record) => record.office,
};

/** Records in ascending order of a property, equal ones in the order they came. */
export function sortRecords(records: readonly DirectoryRecord[], property: string): readonly DirectoryRecord[] {
  const read = sortKeys[property.toLowerCase()];
  if (read === undefined) {
    const text = `The property "${property}" can't be used to sort the results.`;
    throw new CmdletFault({ status: 400, errorCode: "BadRequest", id: "", type: "System.ArgumentException", text });
  }
  const keyed = records.map((record) => ({ record, key: read(record).toLowerCase() }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ record }) => record);
}
