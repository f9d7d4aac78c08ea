import { escapeXml, xmlDocument } from "#local/aws/s3/xml";

type Entry = { key: string; etag: string; size: number; modifiedAt: Date };
type Item = { name: string; lastKey: string; isPrefix: boolean };

/** The answer to ListObjectsV2, https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(
  bucket: string,
  keys: readonly string[],
  query: URLSearchParams,
  describe: (key: string) => Entry,
): string {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const maxKeys = Math.min(Number(query.get("max-keys") ?? 1000), 1000);
  const token = query.get("continuation-token");
  const startAfter = token === null ? (query.get("start-after") ?? "") : Buffer.from(token, "base64url").toString();

  const items = group(
    keys.filter((key) => key.startsWith(prefix) && key > startAfter),
    prefix,
    delimiter,
  );
  const shown = items.slice(0, maxKeys);
  const isTruncated = items.length > shown.length;
  const nextToken = Buffer.from(shown.at(-1)?.lastKey ?? "").toString("base64url");
  const contents = shown.filter((item) => !item.isPrefix).map((item) => describe(item.name));

  return xmlDocument(
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${escapeXml(bucket)}</Name>` +
      `<Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${shown.length}</KeyCount><MaxKeys>${maxKeys}</MaxKeys>` +
      (delimiter && `<Delimiter>${escapeXml(delimiter)}</Delimiter>`) +
      `<IsTruncated>${isTruncated}</IsTruncated>` +
      (isTruncated ? `<NextContinuationToken>${nextToken}</NextContinuationToken>` : "") +
      contents.map(contentsXml).join("") +
      shown
        .filter((item) => item.isPrefix)
        .map(prefixXml)
        .join("") +
      "</ListBucketResult>",
  );
}

/** Keys that go on behind the delimiter stand together, as one common prefix. */
function group(keys: readonly string[], prefix: string, delimiter: string): Item[] {
  const items = new Map<string, Item>();
  for (const key of keys) {
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    items.set(name, { name, lastKey: key, isPrefix: end >= 0 });
  }
  return [...items.values()];
}

function contentsXml({ key, etag, size, modifiedAt }: Entry): string {
  return (
    `<Contents><Key>${escapeXml(key)}</Key><LastModified>${modifiedAt.toISOString()}</LastModified>` +
    `<ETag>${escapeXml(etag)}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  );
}

function prefixXml({ name }: Item): string {
  return `<CommonPrefixes><Prefix>${escapeXml(name)}</Prefix></CommonPrefixes>`;
}
