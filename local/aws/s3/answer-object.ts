import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "#local/aws/http-server";
import { checkConditions } from "#local/aws/s3/conditions";
import type { ObjectFiles, StoredObject } from "#local/aws/s3/object-files";
import { crc32Of, readRequestBody } from "#local/aws/s3/request-body";
import { notImplemented, S3Error } from "#local/aws/s3/s3-error";

export type ObjectRequest = { method: string; key: string; query: URLSearchParams; headers: IncomingHttpHeaders };

/** Headers of S3's that this server honours, or that ask nothing of it. */
const knownHeaders =
  /^x-amz-(?:date|content-sha256|user-agent|security-token|decoded-content-length|trailer|te|sdk-checksum-algorithm|checksum-.+)$/;

/** PUT, GET, HEAD and DELETE of one object. Throws an S3Error. */
export function answerForObject(files: ObjectFiles, request: ObjectRequest, sent: Buffer): Answer {
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
