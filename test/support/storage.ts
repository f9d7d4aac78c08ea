import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { S3Client } from "@aws-sdk/client-s3";
import { startS3 } from "#local/aws/s3/server";
import { createObjectStore } from "#runtime/object-store";
import { latestSchema } from "#snapshots/latest";
import { manifestSchema } from "#snapshots/manifest";
import { runRecordSchema } from "#snapshots/run-record";

const bucket = "test-bucket";

export type Storage = Awaited<ReturnType<typeof startStorage>>;

/** A local S3 with one bucket, a store on it, and its objects as a reader finds them on disk. */
export async function startStorage() {
  const folder = mkdtempSync(join(tmpdir(), "storage-test-"));
  const s3 = await startS3({ folder, buckets: [bucket] });
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
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 2,
  });
}

/** What a bucket's folder holds of the users' snapshots. */
export function openSnapshots(folder: string) {
  const read = (key: string) => readFileSync(join(folder, key));
  const readJson = (key: string): unknown => JSON.parse(read(key).toString("utf8"));
  const listKeys = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  const readLatest = () => {
    const key = "snapshots/users/latest.json";
    return existsSync(join(folder, key)) ? latestSchema.parse(readJson(key)) : undefined;
  };
  const readManifest = () => {
    const published = readLatest()?.published;
    return published ? manifestSchema.parse(readJson(published.manifestKey)) : undefined;
  };
  return {
    read,
    listKeys,
    readLatest,
    readManifest,
    /** How each run ended that ended by itself, the earliest first. */
    readRunRecords: () =>
      listKeys()
        .filter((key) => key.endsWith("/run.json"))
        .map((key) => runRecordSchema.parse(readJson(key))),
    /** Every record of the published snapshot, in the order of its pages; none where nothing is published. */
    readPublished: (): Record<string, unknown>[] =>
      (readManifest()?.pages ?? []).flatMap(({ key }) => {
        const lines = gunzipSync(read(key)).toString("utf8").split("\n").filter(Boolean);
        return lines.map((line) => JSON.parse(line));
      }),
  };
}
