import { notImplemented, S3Error } from "#local/aws/s3/s3-error";

/** What a request is about. The key is empty where it is about the bucket. */
export type RequestTarget = { bucketName: string; key: string; query: URLSearchParams };

/**
 * Takes a path-style URL apart. Not by `new URL`, which resolves `..` and `%2e%2e` where S3 takes them as part of the key.
 * Throws an S3Error.
 */
export function parseTarget(url: string): RequestTarget {
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
