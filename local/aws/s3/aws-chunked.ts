import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "#local/aws/s3/s3-error";

type Chunks = { body: Buffer; trailers: Record<string, string> };

/**
 * Undoes the encoding of a body whose checksum follows it. Signatures of chunks are passed over. Throws an S3Error where
 * a byte is missing or the announced trailer does not come.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeChunks(headers: IncomingHttpHeaders, sent: Buffer): Chunks {
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
