import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "#local/aws/http-server";
import { notImplemented, S3Error } from "#local/aws/s3/s3-error";

/**
 * Checks If-Match and If-None-Match against what is there. Throws the S3Error of a condition that does not hold; answers
 * 304 where a reader has the object already.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkConditions(
  method: string,
  headers: IncomingHttpHeaders,
  etag: string | undefined,
): Answer | undefined {
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined) {
    if (etag === undefined) throw new S3Error("NoSuchKey");
    if (!names(ifMatch, etag)) throw new S3Error("PreconditionFailed", { Condition: "If-Match" });
  }

  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch === undefined) return undefined;
  const isWrite = method !== "GET" && method !== "HEAD";
  if (isWrite && ifNoneMatch !== "*") throw notImplemented("If-None-Match with an ETag");
  if (etag === undefined || !names(ifNoneMatch, etag)) return undefined;
  if (isWrite) throw new S3Error("PreconditionFailed", { Condition: "If-None-Match" });
  return { status: 304, headers: { etag } };
}

function names(condition: string, etag: string): boolean {
  return condition === "*" || condition === etag || `"${condition}"` === etag;
}
