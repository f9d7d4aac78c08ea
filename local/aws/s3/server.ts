import { mkdirSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { type AwsFaults, createFaults } from "#local/aws/faults";
import { type Answer, startHttpServer } from "#local/aws/http-server";
import { listObjects } from "#local/aws/s3/list-objects";
import { bucketExists, openBucket } from "#local/aws/s3/object-files";
import { BodyError, readRequestBody } from "#local/aws/s3/request-body";
import { escapeXml, xmlDocument } from "#local/aws/s3/xml";

export type LocalS3 = { url: string; faults: AwsFaults; stop(): Promise<void> };

type Options = {
  /** Where buckets lie, a folder each. */
  folder: string;
  /** Buckets to make at once. */
  buckets?: readonly string[];
};

/**
 * An S3 that honours conditional writes and checksums. It knows objects (PUT, GET, HEAD, DELETE, ListObjectsV2) and
 * buckets (PUT, HEAD), by path; anything else is 501. Objects are kept as files and outlive it.
 */
export async function startS3({ folder, buckets = [] }: Options): Promise<LocalS3> {
  for (const bucket of buckets) mkdirSync(join(folder, bucket), { recursive: true });
  const faults = createFaults();
  const server = await startHttpServer({
    faults,
    targetOf: (request) => decodeURIComponent((request.url ?? "").split("?")[0] ?? ""),
    errorAnswer,
    answer: (request, body) => answer(folder, request, body),
  });
  return { ...server, faults };
}

function answer(folder: string, request: IncomingMessage, sent: Buffer): Answer {
  const url = new URL(request.url ?? "/", "http://s3.local");
  const [bucketName = "", ...rest] = url.pathname.slice(1).split("/").map(decodeURIComponent);
  const key = rest.join("/");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucketName)) return notImplemented("this bucket name");
  if (key === "") return answerForBucket(folder, bucketName, request.method, url.searchParams);
  if (!bucketExists(join(folder, bucketName))) return noSuchBucket();
  if (request.headers.range !== undefined) return notImplemented("a range");
  const subresource = [...url.searchParams.keys()].find((name) => name !== "x-id");
  if (subresource !== undefined) return notImplemented(subresource);
  return answerForObject(openBucket(join(folder, bucketName)), key, request, sent);
}

function answerForBucket(folder: string, bucketName: string, method = "", query: URLSearchParams): Answer {
  const path = join(folder, bucketName);
  if (method === "PUT" && query.size === 0) {
    mkdirSync(path, { recursive: true });
    return { status: 200, headers: { location: `/${bucketName}` } };
  }
  if (!bucketExists(path)) return noSuchBucket();
  if (method === "HEAD") return { status: 200 };
  if (method !== "GET" || query.get("list-type") !== "2") return notImplemented(`${method} of a bucket`);
  const bucket = openBucket(path);
  const body = listObjects(bucketName, bucket.list(), query, (key) => {
    const { body = Buffer.alloc(0), etag = "", modifiedAt = new Date(0) } = bucket.read(key) ?? {};
    return { key, etag, size: body.length, modifiedAt };
  });
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

function answerForObject(bucket: Bucket, key: string, request: IncomingMessage, sent: Buffer): Answer {
  const { method = "", headers } = request;
  const found = bucket.read(key);
  const refusal = checkConditions(headers["if-match"], headers["if-none-match"], method, found?.etag);
  if (refusal) return refusal;
  if (method === "PUT") return put(bucket, key, headers, sent);
  if (method === "DELETE") {
    bucket.remove(key);
    return { status: 204 };
  }
  if (method !== "GET" && method !== "HEAD") return notImplemented(`${method} of an object`);
  if (!found) return errorAnswer(404, "NoSuchKey", "The specified key does not exist.");
  const type = { "content-type": "application/octet-stream", "last-modified": found.modifiedAt.toUTCString() };
  return { status: 200, headers: { ...type, etag: found.etag }, body: found.body };
}

type Bucket = ReturnType<typeof openBucket>;

function put(bucket: Bucket, key: string, headers: IncomingMessage["headers"], sent: Buffer): Answer {
  if (headers["x-amz-copy-source"] !== undefined) return notImplemented("copying");
  try {
    return { status: 200, headers: { etag: bucket.write(key, readRequestBody(headers, sent)) } };
  } catch (error) {
    if (error instanceof BodyError)
      return errorAnswer(error.code === "BadDigest" ? 400 : 501, error.code, error.message);
    if (error instanceof Error && "code" in error && /ENOTDIR|EISDIR|EEXIST|ENOTEMPTY/.test(String(error.code))) {
      return notImplemented("a key that is a folder of another");
    }
    throw error;
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function checkConditions(ifMatch = "", ifNoneMatch = "", method: string, etag: string | undefined): Answer | undefined {
  if (ifMatch !== "" && etag === undefined) return errorAnswer(404, "NoSuchKey", "The specified key does not exist.");
  const isRefused = (ifMatch !== "" && ifMatch !== etag) || (ifNoneMatch === "*" && etag !== undefined);
  if (isRefused) {
    return errorAnswer(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  }
  if (ifNoneMatch !== "" && ifNoneMatch !== "*") {
    if (method === "PUT") return notImplemented("If-None-Match with an ETag");
    if (ifNoneMatch === etag) return { status: 304 };
  }
  return undefined;
}

function noSuchBucket(): Answer {
  return errorAnswer(404, "NoSuchBucket", "The specified bucket does not exist");
}

function notImplemented(what: string): Answer {
  return errorAnswer(501, "NotImplemented", `This S3 does not implement ${what}.`);
}

function errorAnswer(status: number, code: string, message: string): Answer {
  const body = xmlDocument(`<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`);
  return { status, headers: { "content-type": "application/xml" }, body };
}
