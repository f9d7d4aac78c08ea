import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";

/** A body that is not what its checksum says, or sent in a way this server does not take. */
export class BodyError extends Error {
  readonly code: "BadDigest" | "NotImplemented";

  constructor(code: "BadDigest" | "NotImplemented", message: string) {
    super(message);
    this.code = code;
  }
}

const digests: Record<string, (body: Buffer) => Buffer> = {
  "content-md5": (body) => createHash("md5").update(body).digest(),
  "x-amz-checksum-sha1": (body) => createHash("sha1").update(body).digest(),
  "x-amz-checksum-sha256": (body) => createHash("sha256").update(body).digest(),
  "x-amz-checksum-crc32": (body) => {
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(body));
    return checksum;
  },
};

/** The object's bytes, chunked encoding undone, every checksum that came with them verified. Throws a BodyError. */
export function readRequestBody(headers: IncomingHttpHeaders, sent: Buffer): Buffer {
  const isChunked = String(headers["content-encoding"] ?? "").includes("aws-chunked");
  const { body, trailers } = isChunked ? decodeChunks(sent) : { body: sent, trailers: {} };
  for (const [name, value] of Object.entries({ ...headers, ...trailers })) {
    if (name !== "content-md5" && !/^x-amz-checksum-(?!algorithm|type|mode)/.test(name)) continue;
    const digest = digests[name];
    if (!digest) throw new BodyError("NotImplemented", `The checksum ${name} is not implemented.`);
    if (digest(body).toString("base64") === value) continue;
    throw new BodyError("BadDigest", `The ${name} you specified did not match what was received.`);
  }
  return body;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
function decodeChunks(sent: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = sent.indexOf("\r\n", at);
    const size = Number.parseInt(sent.subarray(at, lineEnd).toString("latin1"), 16);
    if (lineEnd < 0 || Number.isNaN(size)) throw new BodyError("BadDigest", "The chunked body is not well-formed.");
    at = lineEnd + 2;
    if (size === 0) break;
    chunks.push(sent.subarray(at, at + size));
    at += size + 2;
  }
  const lines = sent.subarray(at).toString("latin1").split("\r\n").filter(Boolean);
  const trailers = lines
    .map((line) => line.split(/:\s*/, 2))
    .map(([name = "", value = ""]) => [name.toLowerCase(), value]);
  return { body: Buffer.concat(chunks), trailers: Object.fromEntries(trailers) };
}
