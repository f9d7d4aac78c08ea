import { existsSync, mkdirSync } from "node:fs";
import type { Answer } from "#local/aws/http-server";
import { listObjects } from "#local/aws/s3/list-objects";
import { openObjectFiles } from "#local/aws/s3/object-files";
import { notImplemented, S3Error } from "#local/aws/s3/s3-error";

type BucketRequest = { method: string; bucketName: string; query: URLSearchParams };

/** CreateBucket, HeadBucket and ListObjectsV2. Throws an S3Error. */
export function answerForBucket(path: string, { method, bucketName, query }: BucketRequest): Answer {
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

export function requireBucket(path: string, bucketName: string): void {
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
