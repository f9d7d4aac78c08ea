import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { storageError } from "#runtime/storage-error";

export type StoredObject = { body: Buffer; etag: string };

/** The objects of one bucket. Failures are `STORAGE_DENIED` or `STORAGE_UNAVAILABLE`. */
export type ObjectStore = {
  /** Undefined where there is no such object. */
  get(key: string): Promise<StoredObject | undefined>;
  put(key: string, body: Buffer | string): Promise<void>;
  /**
   * Writes only over what the writer has seen: the object of that ETag, or none for null. Answers the new ETag, or
   * undefined where something else lies there. The body must be one that no other writer would write: after a lost
   * answer, what lies there tells by its bytes who wrote it.
   */
  putOver(seenEtag: string | null, key: string, body: Buffer | string): Promise<string | undefined>;
};

const conflictAttempts = 5;
const conflictPauseMs = 100;

/** A store on the bucket. AWS_ENDPOINT_URL_S3 points it at another S3 than Amazon's. */
export function createObjectStore({ bucket }: { bucket: string }): ObjectStore {
  const s3 = new S3Client({
    forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
  });

  async function get(key: string): Promise<StoredObject | undefined> {
    try {
      const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      return { body: Buffer.from(bytes), etag: answer.ETag ?? "" };
    } catch (error) {
      if (nameOf(error) === "NoSuchKey") return undefined;
      throw storageError(error, bucket, key);
    }
  }

  async function put(key: string, body: Buffer | string): Promise<void> {
    await send(key, body, {});
  }

  async function putOver(seenEtag: string | null, key: string, body: Buffer | string): Promise<string | undefined> {
    try {
      return await send(key, body, seenEtag === null ? { IfNoneMatch: "*" } : { IfMatch: seenEtag });
    } catch (error) {
      // The SDK repeats a write whose answer was lost, and the repetition may meet what the first attempt wrote.
      const found = await get(key);
      if (found?.body.equals(Buffer.from(body))) return found.etag;
      if (isRefusedCondition(error)) return undefined;
      throw error;
    }
  }

  async function send(key: string, body: Buffer | string, condition: { IfMatch?: string; IfNoneMatch?: string }) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...condition }));
        return answer.ETag ?? "";
      } catch (error) {
        if (isRefusedCondition(error)) throw error;
        if (nameOf(error) !== "ConditionalRequestConflict" || attempt === conflictAttempts) {
          throw storageError(error, bucket, key);
        }
        await delay(Math.random() * conflictPauseMs * 2 ** attempt);
      }
    }
  }

  return { get, put, putOver };
}

/** 412, or 404 for an object that was to be replaced and is not there any more. */
function isRefusedCondition(error: unknown): boolean {
  return ["PreconditionFailed", "NoSuchKey"].includes(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
