import { mkdirSync, readdirSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import type { AwsCredentials } from "#local/aws/credentials";
import { type AwsFaults, createFaults } from "#local/aws/faults";
import { type Answer, startHttpServer } from "#local/aws/http-server";
import { answerForBucket, requireBucket } from "#local/aws/s3/answer-bucket";
import { answerForObject } from "#local/aws/s3/answer-object";
import { openObjectFiles, removeUnfinishedFiles } from "#local/aws/s3/object-files";
import { parseTarget } from "#local/aws/s3/request-target";
import { errorAnswer, faultAnswer, refusal, S3Error } from "#local/aws/s3/s3-error";

export type LocalS3 = { url: string; faults: AwsFaults; stop(): Promise<void> };

type Options = {
  /** Where buckets lie, a folder each, and in it an object's file by its key. */
  folder: string;
  /** Buckets that shall be there from the start. */
  buckets?: readonly string[];
  credentials: AwsCredentials;
  port?: number;
};

/**
 * An S3 that honours conditional writes and verifies checksums. It knows objects (PUT, GET, HEAD, DELETE), buckets (PUT,
 * HEAD) and ListObjectsV2, path-style, for who has the key; anything else is answered 501. Objects are files that outlive
 * it. One server at a time keeps a folder.
 *
 * @example
 * const s3 = await startS3({ folder: ".local/s3", buckets: ["snapshots"], credentials }); // AWS_ENDPOINT_URL_S3=${s3.url}
 */
export async function startS3({ folder, buckets = [], credentials, port }: Options): Promise<LocalS3> {
  mkdirSync(folder, { recursive: true });
  for (const bucket of buckets) mkdirSync(join(folder, bucket), { recursive: true });
  const found = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of found) removeUnfinishedFiles(join(folder, name));
  const faults = createFaults();
  const server = await startHttpServer(
    {
      credentials,
      refuse: refusal,
      faults,
      targetOf: ({ url = "" }) => url.split("?")[0] ?? "",
      faultAnswer,
      answer: (request, body) => answer(folder, request, body),
    },
    port,
  );
  return { ...server, faults };
}

function answer(folder: string, request: IncomingMessage, body: Buffer): Answer {
  try {
    return answerOrThrow(folder, request, body);
  } catch (error) {
    if (error instanceof S3Error) return errorAnswer(error);
    throw error;
  }
}

function answerOrThrow(folder: string, { method = "", url = "", headers }: IncomingMessage, body: Buffer): Answer {
  const { bucketName, key, query } = parseTarget(url);
  const path = join(folder, bucketName);
  if (key === "") return answerForBucket(path, { method, bucketName, query });
  requireBucket(path, bucketName);
  return answerForObject(openObjectFiles(path), { method, key, query, headers }, body);
}
