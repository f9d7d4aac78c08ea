import type { ExchangeError } from "#runtime/exchange-error";
import type { ObjectStore } from "#runtime/object-store";

/** How a run ended. */
export type RunReport = {
  runId: string;
  source: string;
  scheduledTime: string;
  startedAt: string;
  endedAt: string;
  rows: number;
  outcome: { status: "published"; manifestKey: string } | { status: "failed"; code: string; message: string };
};

/** Writes `run.json`. It is for people to read: where it cannot be written, the run's own outcome stands. */
export async function writeRunReport(store: ObjectStore, key: string, report: RunReport): Promise<void> {
  try {
    await store.put(key, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    if (!isStorageError(error)) throw error;
  }
}

function isStorageError(error: unknown): error is ExchangeError {
  return error instanceof Error && error.name.startsWith("STORAGE_");
}
