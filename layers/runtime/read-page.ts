import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import * as z from "zod";
import type { ExchangeError } from "#runtime/exchange-error";
import type { ObjectStore } from "#runtime/object-store";
import type { Page } from "#runtime/page";

/** A record as its line in a page, without the line's end. */
export type StoredRecord = { id: string; line: string };

type ReadOptions = {
  signal?: AbortSignal;
  /** The error for an object that is gone, or is not what its hash says. `problem` ends a sentence that the key begins. */
  corrupt: (key: string, problem: string) => ExchangeError;
};

const identified = z.looseObject({ id: z.string() });

/** Every record of these pages, in order. Throws what `corrupt` makes before the first record of a page that is not right. */
export async function* readPages(
  store: ObjectStore,
  pages: readonly Page[],
  options: ReadOptions,
): AsyncGenerator<StoredRecord, void> {
  for (const page of pages) {
    const compressed = await readVerified(store, page, options);
    const lines = (await promisify(gunzip)(compressed)).toString("utf8").split("\n");
    for (const line of lines) if (line !== "") yield { id: identified.parse(JSON.parse(line)).id, line };
  }
}

/** An object's bytes, which are those of its hash. Throws what `corrupt` makes where they are not. */
export async function readVerified(
  store: ObjectStore,
  { key, sha256 }: Pick<Page, "key" | "sha256">,
  { corrupt, ...options }: ReadOptions,
): Promise<Buffer> {
  const stored = await store.get(key, options);
  if (stored === undefined) throw corrupt(key, "is gone");
  if (createHash("sha256").update(stored.body).digest("hex") !== sha256) throw corrupt(key, "is not what was written");
  return stored.body;
}
