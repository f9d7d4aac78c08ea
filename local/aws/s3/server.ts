import { existsSync, mkdirSync, readdirSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { join } from "node:path";
import { type AwsFaults, createFaults } from "#local/aws/faults";
import { type Answer, startHttpServer } from "#local/aws/http-server";
import { listObjects } from "#local/aws/s3/list-objects";
import {
  checkConditions,
  type ObjectFiles,
  openObjectFiles,
  removeUnfinishedFiles,
  type StoredObject,
} from "#local/aws/s3/object-files";
import { crc32Of, readRequestBody } from "#local/aws/s3/request-body";
import { errorAnswer, faultAnswer, notImplemented, refusal, S3Error } from "#local/aws/s3/s3-error";
import type { AwsCredentials } from "#local/aws/signature";

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

type BucketRequest = { method: string; bucketName: string; query: URLSearchParams };

/** CreateBucket, HeadBucket and ListObjectsV2. Throws an S3Error. */
function answerForBucket(path: string, { method, bucketName, query }: BucketRequest): Answer {
  const isPlain = [...query.keys()].every((name) => name === "x-id");
  if (method === "PUT" && isPlain) {
    if (existsSync(path)) throw new S3Error("BucketAlreadyOwnedByYou", { BucketName: bucketName });
    mkdirSync(path, { recursive: true });
    return { status: 200, headers: { location: `/${bucketName}` } };
  }
  requireBucket(path, bucketName);
  if (method === "HEAD" && isPlain) return { status: 200 };
  if (method === "GET" && query.get("list-type") === "2") return list(path, bucketName, query);
  throw notImplemented(`${method} of a bucket, other than CreateBucket, HeadBucket and ListObjectsV2`);
}

function requireBucket(path: string, bucketName: string): void {
  if (!existsSync(path)) throw new S3Error("NoSuchBucket", { BucketName: bucketName });
}

function list(path: string, bucketName: string, query: URLSearchParams): Answer {
  const files = openObjectFiles(path);
  const body = listObjects({
    bucketName,
    keys: files.keys(),
    query,
    describe: (key) => {
      const { body, etag, modifiedAt } = files.read(key) ?? { body: "", etag: "", modifiedAt: new Date(0) };
      return { etag, size: body.length, modifiedAt };
    },
  });
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

type ObjectRequest = { method: string; key: string; query: URLSearchParams; headers: IncomingHttpHeaders };

/** Headers of S3's that this server honours, or that ask nothing of it. */
const knownHeaders =
  /^x-amz-(?:date|content-sha256|user-agent|security-token|decoded-content-length|trailer|te|sdk-checksum-algorithm|checksum-.+)$/;

/** PUT, GET, HEAD and DELETE of one object. Throws an S3Error. */
function answerForObject(files: ObjectFiles, request: ObjectRequest, sent: Buffer): Answer {
  const { method, key, query, headers } = request;
  const unknown =
    [...query.keys()].find((name) => name !== "x-id") ??
    Object.keys(headers).find((name) => name.startsWith("x-amz-") && !knownHeaders.test(name));
  if (unknown !== undefined) throw notImplemented(unknown);
  if (!["PUT", "GET", "HEAD", "DELETE"].includes(method)) throw notImplemented(`${method} of an object`);

  const found = files.read(key);
  const unmodified = checkConditions(method, headers, found?.etag);
  if (unmodified) return unmodified;
  if (method === "PUT") return written(files.write(key, readRequestBody(headers, sent)));
  if (method === "DELETE") {
    files.remove(key);
    return { status: 204 };
  }
  if (!found) throw new S3Error("NoSuchKey", { Key: key });
  return readAnswer(found, headers);
}

function written({ etag, body }: StoredObject): Answer {
  return { status: 200, headers: { etag, ...checksumHeaders(body) } };
}

function readAnswer({ body, etag, modifiedAt }: StoredObject, headers: IncomingHttpHeaders): Answer {
  const described = {
    etag,
    "last-modified": modifiedAt.toUTCString(),
    "content-type": "binary/octet-stream",
    "accept-ranges": "bytes",
  };
  const range = readRange(headers.range, body.length);
  if (range) {
    const [first, last] = range;
    const contentRange = { "content-range": `bytes ${first}-${last}/${body.length}` };
    return { status: 206, headers: { ...described, ...contentRange }, body: body.subarray(first, last + 1) };
  }
  const checksums = headers["x-amz-checksum-mode"] === "ENABLED" ? checksumHeaders(body) : {};
  return { status: 200, headers: { ...described, ...checksums }, body };
}

/** First and last byte of a range; undefined where all is asked for. */
function readRange(header: string | undefined, size: number): [number, number] | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) throw new S3Error("InvalidRange");
  return [start, end];
}

function checksumHeaders(body: Buffer): Record<string, string> {
  return { "x-amz-checksum-crc32": crc32Of(body).toString("base64"), "x-amz-checksum-type": "FULL_OBJECT" };
}

/** What a request is about. The key is empty where it is about the bucket. */
type RequestTarget = { bucketName: string; key: string; query: URLSearchParams };

/**
 * Takes a path-style URL apart. Not by `new URL`, which resolves `..` and `%2e%2e` where S3 takes them as part of the key.
 * Throws an S3Error.
 */
function parseTarget(url: string): RequestTarget {
  const [path = "", ...queryParts] = url.split("?");
  const [bucketName = "", ...keyParts] = path.slice(1).split("/").map(decode);
  if (bucketName === "") throw notImplemented("what is about no bucket");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucketName)) throw new S3Error("InvalidBucketName");
  const key = keyParts.join("/");
  if (Buffer.byteLength(key) > 1024) throw new S3Error("KeyTooLongError");
  return { bucketName, key, query: new URLSearchParams(queryParts.join("?")) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidURI");
  }
}
