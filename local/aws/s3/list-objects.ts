import { notImplemented, S3Error, xmlDocument, xmlElement } from "#local/aws/s3/s3-error";

type Entry = { etag: string; size: number; modifiedAt: Date };
type Listing = {
  bucketName: string;
  keys: readonly string[];
  query: URLSearchParams;
  describe: (key: string) => Entry;
};
type Item = { name: string; lastKey: string; isPrefix: boolean };

const maxPageSize = 1000;
const known = new Set([
  "list-type",
  "prefix",
  "delimiter",
  "max-keys",
  "start-after",
  "continuation-token",
  "encoding-type",
  "fetch-owner",
  "x-id",
]);

/**
 * ListObjectsV2's answer for a bucket's keys, which come in their order. Throws an S3Error.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listObjects({ bucketName, keys, query, describe }: Listing): string {
  const unknown = [...query.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw notImplemented(`listing with ${unknown}`);
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const pageSize = readPageSize(query);
  const after = readStart(query);

  const rest = keys.filter((key) => key.startsWith(prefix) && isAfter(key, after));
  const items = groupByDelimiter(rest, prefix, delimiter);
  const shown = items.slice(0, pageSize);
  const isTruncated = pageSize > 0 && items.length > pageSize;
  const encode = query.get("encoding-type") === "url" ? encodeForUrl : (text: string) => text;
  const head = {
    Name: bucketName,
    Prefix: encode(prefix),
    KeyCount: shown.length,
    MaxKeys: pageSize,
    IsTruncated: isTruncated,
    ...(delimiter && { Delimiter: encode(delimiter) }),
    ...(query.has("encoding-type") && { EncodingType: "url" }),
    ...(isTruncated && { NextContinuationToken: Buffer.from(shown.at(-1)?.lastKey ?? "").toString("base64url") }),
  };
  const elements = shown.map(({ name, isPrefix }) =>
    isPrefix ? xmlElement("CommonPrefixes", { Prefix: encode(name) }) : contents(encode(name), describe(name)),
  );
  return xmlDocument(xmlElement("ListBucketResult", head, elements));
}

function readPageSize(query: URLSearchParams): number {
  const text = query.get("max-keys") ?? String(maxPageSize);
  if (!/^\d+$/.test(text)) throw new S3Error("InvalidArgument");
  return Math.min(Number(text), maxPageSize);
}

function readStart(query: URLSearchParams): string {
  const token = query.get("continuation-token");
  return token === null ? (query.get("start-after") ?? "") : Buffer.from(token, "base64url").toString();
}

/** By UTF-8 bytes: text of JavaScript would compare by UTF-16. */
function isAfter(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;
}

/** Keys that go on behind the delimiter stand together, as one common prefix. */
function groupByDelimiter(keys: readonly string[], prefix: string, delimiter: string): Item[] {
  const items = new Map<string, Item>();
  for (const key of keys) {
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    items.set(name, { name, lastKey: key, isPrefix: end >= 0 });
  }
  return [...items.values()];
}

function contents(key: string, { etag, size, modifiedAt }: Entry): string {
  const members = {
    Key: key,
    LastModified: modifiedAt.toISOString(),
    ETag: etag,
    Size: size,
    StorageClass: "STANDARD",
  };
  return xmlElement("Contents", members);
}

function encodeForUrl(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/");
}
