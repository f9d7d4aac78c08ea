import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { startS3 } from "#local/aws/s3/server";
import { createObjectStore } from "#runtime/object-store";
import { latestSchema } from "#snapshots/latest";
import { manifestSchema } from "#snapshots/manifest";

const bucket = "test-bucket";

/** A local S3 with one bucket, a store on it, and its objects as a reader finds them on disk. */
export async function startStorage() {
  const folder = mkdtempSync(join(tmpdir(), "storage-test-"));
  const s3 = await startS3({ folder, buckets: [bucket] });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  return {
    s3,
    store: createObjectStore({ bucket }),
    listKeys: () => readdirSync(join(folder, bucket), { recursive: true, encoding: "utf8" }).sort(),
    ...openSnapshots(join(folder, bucket)),
    stop: async () => {
      await s3.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a bucket's folder holds of a kind's snapshots. */
export function openSnapshots(folder: string) {
  const read = (key: string) => readFileSync(join(folder, key));
  const readLatest = () => {
    try {
      return latestSchema.parse(JSON.parse(read("snapshots/users/latest.json").toString("utf8")));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  };
  const readManifest = () => {
    const published = readLatest()?.published;
    return published ? manifestSchema.parse(JSON.parse(read(published.manifestKey).toString("utf8"))) : undefined;
  };
  return {
    read,
    readLatest,
    readManifest,
    /** Every record of the published snapshot, in the order of its pages; none where nothing is published. */
    readPublished: (): Record<string, unknown>[] =>
      (readManifest()?.pages ?? []).flatMap(({ key }) => {
        const lines = gunzipSync(read(key)).toString("utf8").split("\n").filter(Boolean);
        return lines.map((line) => JSON.parse(line));
      }),
  };
}
