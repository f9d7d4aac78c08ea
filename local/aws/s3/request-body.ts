import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";
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

type Chunks = { body: Buffer; trailers: Record<string, string> };

/**
 * Undoes the encoding of a body whose checksum follows it. Signatures of chunks are passed over. Throws an S3Error where
 * a byte is missing or the announced trailer does not come.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
function decodeChunks(headers: IncomingHttpHeaders, sent: Buffer): Chunks {
  const { body, end } = readChunks(sent);
  if (body.length !== Number(headers["x-amz-decoded-content-length"])) throw new S3Error("IncompleteBody");
  const trailers = readTrailers(sent.subarray(end));
  const announced = String(headers["x-amz-trailer"] ?? "")
    .split(",")
    .filter(Boolean);
  if (announced.some((name) => trailers[name.trim().toLowerCase()] === undefined)) {
    throw new S3Error("MalformedTrailerError");
  }
  return { body, trailers };
}

function readChunks(sent: Buffer): { body: Buffer; end: number } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = sent.indexOf("\r\n", at);
    const size = Number.parseInt(sent.subarray(at, Math.max(at, lineEnd)).toString("latin1"), 16);
    if (Number.isNaN(size) || lineEnd + 2 + size > sent.length) throw new S3Error("IncompleteBody");
    at = lineEnd + 2;
    if (size === 0) return { body: Buffer.concat(chunks), end: at };
    chunks.push(sent.subarray(at, at + size));
    at += size + 2;
  }
}

function readTrailers(bytes: Buffer): Record<string, string> {
  const lines = bytes.toString("latin1").split(/\r?\n/).filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", ...value] = line.split(":");
      return [name.trim().toLowerCase(), value.join(":").trim()];
    }),
  );
}
