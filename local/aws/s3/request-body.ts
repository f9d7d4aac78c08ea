import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";
import { decodeChunks } from "#local/aws/s3/aws-chunked";
import { notImplemented, S3Error } from "#local/aws/s3/s3-error";

const digests: Record<string, (body: Buffer) => Buffer> = {
  "content-md5": (body) => createHash("md5").update(body).digest(),
  "x-amz-checksum-sha1": (body) => createHash("sha1").update(body).digest(),
  "x-amz-checksum-sha256": (body) => createHash("sha256").update(body).digest(),
  "x-amz-checksum-crc32": crc32Of,
};

const isHeaderAboutChecksums = /^(?:content-md5$|x-amz-checksum-(?!algorithm$|type$|mode$))/;

export function crc32Of(body: Buffer): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return checksum;
}

/** The object's bytes, chunked encoding undone, every checksum that came with them verified. Throws an S3Error. */
export function readRequestBody(headers: IncomingHttpHeaders, sent: Buffer): Buffer {
  const contentSha256 = String(headers["x-amz-content-sha256"] ?? "");
  const isChunked = contentSha256.startsWith("STREAMING-");
  const { body, trailers } = isChunked ? decodeChunks(headers, sent) : { body: sent, trailers: {} };
  if (/^[0-9a-f]{64}$/.test(contentSha256)) requireSha256(body, contentSha256);
  for (const [name, value] of Object.entries({ ...headers, ...trailers })) {
    if (isHeaderAboutChecksums.test(name)) requireDigest(name, String(value), body);
  }
  return body;
}

function requireSha256(body: Buffer, expected: string): void {
  const computed = createHash("sha256").update(body).digest("hex");
  if (computed !== expected) throw new S3Error("XAmzContentSHA256Mismatch");
}

function requireDigest(name: string, value: string, body: Buffer): void {
  const digest = digests[name];
  if (!digest) throw notImplemented(`the checksum ${name}`);
  if (digest(body).toString("base64") !== value) throw new S3Error("BadDigest");
}
