import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import * as z from "zod";
import { ExchangeError } from "#runtime/exchange-error";
import type { ObjectStore } from "#runtime/object-store";
import { type Published, readLatest } from "#snapshots/latest";
import type { SnapshotKind } from "#snapshots/layout";
import { type Manifest, manifestSchema } from "#snapshots/manifest";

type Options = { signal?: AbortSignal };

/** A record as its line in a page, without the line's end. */
export type StoredRecord = { id: string; line: string };

/** The published snapshot of a kind. */
export type Snapshot = {
  published: Published;
  manifest: Manifest;
  /** Every record, page by page. `STORAGE_CORRUPT` before the first record of a page that is not what was published. */
  records(options?: Options): AsyncGenerator<StoredRecord, void>;
};

const identified = z.looseObject({ id: z.string() });

/**
 * Opens the latest snapshot; undefined where none is published. Follows hashes from `latest.json` through the manifest to
 * the pages, so that what is yielded is what was published: `STORAGE_CORRUPT` otherwise.
 *
 * @example
 * const snapshot = await openSnapshot(store, "groups");
 * for await (const { line } of snapshot?.records() ?? []) console.log(JSON.parse(line).displayName);
 */
export async function openSnapshot(
  store: ObjectStore,
  kind: SnapshotKind,
  options: Options = {},
): Promise<Snapshot | undefined> {
  const { published } = await readLatest(store, kind, options);
  if (published === null) return undefined;
  const body = await readWhole(store, published.manifestKey, published.manifestSha256, options);
  const manifest = parseManifest(published.manifestKey, body);

  async function* records(readOptions: Options = options): AsyncGenerator<StoredRecord, void> {
    for (const page of manifest.pages) {
      const compressed = await readWhole(store, page.key, page.sha256, readOptions);
      const lines = (await promisify(gunzip)(compressed)).toString("utf8").split("\n");
      for (const line of lines) if (line !== "") yield { id: identified.parse(JSON.parse(line)).id, line };
    }
  }

  return { published, manifest, records };
}

async function readWhole(store: ObjectStore, key: string, sha256: string, options: Options): Promise<Buffer> {
  const stored = await store.get(key, options);
  if (stored === undefined) throw corrupt(key, "is gone");
  if (createHash("sha256").update(stored.body).digest("hex") !== sha256)
    throw corrupt(key, "is not what was published");
  return stored.body;
}

function parseManifest(key: string, body: Buffer): Manifest {
  const parsed = manifestSchema.safeParse(JSON.parse(body.toString("utf8")));
  if (parsed.success) return parsed.data;
  throw corrupt(key, `is of another version of the gateway (${z.prettifyError(parsed.error)})`);
}

function corrupt(key: string, problem: string): ExchangeError {
  return new ExchangeError(
    "STORAGE_CORRUPT",
    `The published snapshot cannot be read: ${key} ${problem}. Put an earlier version of it back, or delete latest.json of ` +
      "this kind: the next run then publishes anew, without a comparison with what was there.",
  );
}
