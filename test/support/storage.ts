import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { S3Client } from "@aws-sdk/client-s3";
import { startS3 } from "#local/aws/s3/server";
import type { SnapshotKind } from "#snapshots/layout";
import { manifestSchema } from "#snapshots/manifest";
import { latestSchema } from "#snapshots/publication";
import { runRecordSchema } from "#snapshots/write-manifest";
import { createObjectStore } from "#storage/object-store";
import { credentials } from "#test/support/credentials";
import { makeMemoryFolder } from "#test/support/memory-folder";

const bucket = "test-bucket";

export type Storage = Awaited<ReturnType<typeof startStorage>>;

/** A local S3 with one bucket, a store on it, and its objects as a reader finds them on disk. */
export async function startStorage() {
  const folder = makeMemoryFolder("storage-test-");
  const s3 = await startS3({ folder, buckets: [bucket], credentials });
  const client = createTestClient(s3.url);
  return {
    s3,
    client,
    bucket,
    store: createObjectStore({ bucket, s3: client }),
    ...openSnapshots(join(folder, bucket)),
    stop: async () => {
      client.destroy();
      await s3.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A client as the gateway's own, which gives up sooner. */
export function createTestClient(endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    forcePathStyle: true,
    region: "eu-central-1",
    credentials,
    maxAttempts: 2,
  });
}

/** What a stored `latest.json` says, its version left out. */
export function parseLatest(body: Buffer) {
  const { version: _, ...latest } = JSON.parse(body.toString()) as { version: number };
  return latestSchema.parse(latest);
}

/** What a bucket's folder holds of snapshots; of users unless another kind is named. */
export function openSnapshots(folder: string) {
  const read = (key: string) => readFileSync(join(folder, key));
  const readJson = (key: string): unknown => JSON.parse(read(key).toString("utf8"));
  const listKeys = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  const readLatest = (kind: SnapshotKind = "users") => {
    const key = `snapshots/${kind}/latest.json`;
    if (!existsSync(join(folder, key))) return undefined;
    return parseLatest(read(key));
  };
  const readManifest = (kind: SnapshotKind = "users") => {
    const published = readLatest(kind)?.published;
    return published ? manifestSchema.parse(readJson(published.manifestKey)) : undefined;
  };
  return {
    read,
    listKeys,
    readLatest,
    readManifest,
    /** Puts other bytes in an object's place, as no run does. */
    write: (key: string, text: string) => writeFileSync(join(folder, key), text),
    /** Makes an object one that was written then. */
    writtenAt: (key: string, time: Date) => utimesSync(join(folder, key), time, time),
    remove: (key: string) => rmSync(join(folder, key), { force: true }),
    /** How each run ended that ended by itself, the earliest first. */
    readRunRecords: (kind: SnapshotKind = "users") =>
      listKeys()
        .filter((key) => key.startsWith(`snapshots/${kind}/`) && key.endsWith("/run.json"))
        .map((key) => runRecordSchema.parse(readJson(key))),
    /** Every record of the published snapshot, in the order of its pages; none where nothing is published. */
    readPublished: (kind: SnapshotKind = "users"): Record<string, unknown>[] =>
      (readManifest(kind)?.pages ?? []).flatMap(({ key }) => {
        const lines = gunzipSync(read(key)).toString("utf8").split("\n").filter(Boolean);
        return lines.map((line) => JSON.parse(line));
      }),
  };
}
