import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type StoredObject = { body: Buffer; etag: string; modifiedAt: Date };

/** Names of files being written; no encoded key begins with it. */
const temporaryPrefix = "%.";

/**
 * The objects of a bucket as files in a folder, a key's slashes as folders. What a file name cannot hold is
 * percent-encoded, so no key leaves the folder. Everything is done within one turn of the event loop: a condition is
 * checked and its write made with nothing in between.
 */
export function openBucket(folder: string) {
  mkdirSync(folder, { recursive: true });

  return {
    read(key: string): StoredObject | undefined {
      const path = pathOf(folder, key);
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
      const body = readFileSync(path);
      return { body, etag: etagOf(body), modifiedAt: statSync(path).mtime };
    },

    /** Throws ENOTDIR, EEXIST or EISDIR where another key is a folder of this one or the other way round. */
    write(key: string, body: Buffer): string {
      const path = pathOf(folder, key);
      const temporary = join(folder, `${temporaryPrefix}${randomUUID()}`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(temporary, body);
      try {
        renameSync(temporary, path);
      } finally {
        rmSync(temporary, { force: true });
      }
      return etagOf(body);
    },

    remove(key: string): void {
      rmSync(pathOf(folder, key), { force: true });
    },

    /** Every key, in the order of its UTF-8 bytes. */
    list(): string[] {
      const names = readdirSync(folder, { recursive: true, withFileTypes: true });
      const keys = names
        .filter((entry) => entry.isFile() && !entry.name.startsWith(temporaryPrefix))
        .map((entry) => decodePath(join(entry.parentPath, entry.name).slice(folder.length + 1)));
      return keys.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    },
  };
}

export function bucketExists(folder: string): boolean {
  return existsSync(folder);
}

function etagOf(body: Buffer): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

function pathOf(folder: string, key: string): string {
  return join(folder, ...key.split("/").map(encodeSegment));
}

/** An empty segment, `.` and `..` become names of their own; a `%` of the key can never be mistaken for ours. */
function encodeSegment(segment: string): string {
  if (segment === "") return "%";
  return encodeURIComponent(segment).replace(/^\./, "%2E");
}

function decodePath(path: string): string {
  return path
    .split("/")
    .map((segment) => (segment === "%" ? "" : decodeURIComponent(segment)))
    .join("/");
}
