/** One row of a directory on its way into a snapshot: a record with its stable id and type, or what was wrong with it. */
export type SnapshotRow =
  | { ok: true; id: string; type: string; record: object }
  | { ok: false; id: string | undefined; reason: string };
