/** A row of a directory on its way into a snapshot: a record with its GUID and type, or what was wrong with it. */
export type SnapshotRow =
  | { ok: true; id: string; type: string; record: object }
  | { ok: false; id: string | undefined; reason: string };

/** Reads a whole directory, once; `onWarning` takes what Exchange warns of. */
export type ReadDirectory = (hooks: { onWarning: (text: string) => void }) => AsyncIterable<SnapshotRow>;
