import type { Audience } from "#audiences/audience";
import { ExchangeError } from "#runtime/exchange-error";
import { GuidSet } from "#runtime/guid-set";
import type { ObjectStore } from "#runtime/object-store";
import { readPages } from "#runtime/read-page";

/** The ids of every member found so far. `STORAGE_CORRUPT` where a page is gone or is not what was written. */
export async function readFoundIds(store: ObjectStore, { pages, leftOut }: Audience): Promise<GuidSet> {
  const written = [...pages, ...leftOut];
  const ids = new GuidSet(written.reduce((sum, { rows }) => sum + rows, 0));
  for await (const { id } of readPages(store, written, { corrupt })) ids.add(id);
  return ids;
}

function corrupt(key: string, problem: string): ExchangeError {
  return new ExchangeError(
    "STORAGE_CORRUPT",
    `The audience cannot be gone on with: ${key} ${problem}. Put an earlier version of it back, or ask under another operationId.`,
  );
}
