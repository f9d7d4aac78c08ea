import type { Audience } from "#audiences/audience";
import { ExchangeError } from "#runtime/errors";
import type { ObjectStore } from "#storage/object-store";
import { readPages } from "#storage/pages";

/** The ids of every member found so far. `STORAGE_CORRUPT` where a page is gone or is not what was written. */
export async function readFoundIds(store: ObjectStore, { pages, leftOut }: Audience): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { id } of readPages(store, [...pages, ...leftOut], { corrupt })) ids.add(id);
  return ids;
}

function corrupt(key: string, problem: string): ExchangeError {
  return new ExchangeError(
    "STORAGE_CORRUPT",
    `The audience cannot be gone on with: ${key} ${problem}. Put an earlier version of it back, or ask under another operationId.`,
  );
}
