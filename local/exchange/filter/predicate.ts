import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";

/** Whether a record is wanted. */
export type Predicate = (record: DirectoryRecord) => boolean;
