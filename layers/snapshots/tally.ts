import { createIdSet } from "#snapshots/id-set";
import type { Manifest } from "#snapshots/manifest";
import type { SnapshotRow } from "#snapshots/snapshot-row";

/** So many rejected rows are named one by one; the others are counted. */
const namedRejections = 50;

/** Counts a run's rows as they pass, and tells a record that is new from one that came before. */
export function createTally() {
  const ids = createIdSet();
  const byType = new Map<string, number>();
  const rejectedRows: Manifest["rejectedRows"] = [];
  let rows = 0;
  let duplicates = 0;
  let rejected = 0;

  return {
    get rows() {
      return rows;
    },

    /** The record to be written; undefined for a row that is rejected or a duplicate. */
    take(row: SnapshotRow): object | undefined {
      if (!row.ok) {
        rejected += 1;
        if (rejectedRows.length < namedRejections) rejectedRows.push({ id: row.id ?? null, reason: row.reason });
        return undefined;
      }
      if (!ids.add(row.id)) {
        duplicates += 1;
        return undefined;
      }
      rows += 1;
      byType.set(row.type, (byType.get(row.type) ?? 0) + 1);
      return row.record;
    },

    result: (): Pick<Manifest, "totals" | "rejectedRows"> => ({
      totals: { rows, byType: Object.fromEntries([...byType].sort()), duplicates, rejected },
      rejectedRows,
    }),
  };
}
