import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { keyOfPath, pathOfKey, temporaryPrefix } from "#local/aws/s3/file-names";
import { notImplemented } from "#local/aws/s3/s3-error";

export type StoredObject = { body: Buffer; etag: string; modifiedAt: Date };

export type ObjectFiles = ReturnType<typeof openObjectFiles>;

/** Ends the name of an object that is beside a folder of the same name. No encoded key ends in it. */
const besideFolder = "%";

/** What file systems take, 255 bytes, less what may be added at the end. */
const maxNameLength = 254;

/**
 * The objects of a bucket as files in its folder. Nothing here waits, so a condition that was checked still holds when its
 * write is made; a write is whole or not there, also after a crash. The ETag is the MD5 of what the file holds.
 */
export function openObjectFiles(folder: string) {
  return {
    read(key: string): StoredObject | undefined {
      const path = placeOf(folder, key);
      if (!isFile(path)) return undefined;
      const body = readFileSync(path);
      return { body, etag: etagOf(body), modifiedAt: statSync(path).mtime };
    },

    write(key: string, body: Buffer): StoredObject {
      const temporary = join(folder, `${temporaryPrefix}${randomUUID()}`);
      const path = placeOf(folder, key);
      try {
        writeFileSync(temporary, body);
        makeFolder(folder, dirname(path));
        renameSync(temporary, path);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
      return { body, etag: etagOf(body), modifiedAt: statSync(path).mtime };
    },

    remove(key: string): void {
      const path = placeOf(folder, key);
      if (!isFile(path)) return;
      rmSync(path);
      removeEmptyFolders(folder, dirname(path));
    },

    /** Every key, in the order of its UTF-8 bytes, as S3 lists them. */
    keys(): string[] {
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith(temporaryPrefix))
        .map((entry) => keyOfFile(relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/")))
        .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    },
  };
}

/** Removes what writes of a process that died have left. */
export function removeUnfinishedFiles(folder: string): void {
  const unfinished = readdirSync(folder).filter((name) => name.startsWith(temporaryPrefix));
  for (const name of unfinished) rmSync(join(folder, name), { force: true });
}

/** Where an object lies: S3 can hold `a` and `a/b`, a file system cannot, so `a` is called `a%` there. */
function placeOf(folder: string, key: string): string {
  const names = pathOfKey(key).split("/");
  if (names.some((name) => name.length > maxNameLength)) throw notImplemented("a key with so long a part");
  const path = join(folder, ...names);
  const beside = `${path}${besideFolder}`;
  return isFile(beside) || isFolder(path) ? beside : path;
}

function keyOfFile(path: string): string {
  const isBeside = path.endsWith(besideFolder) && !path.endsWith(`/${besideFolder}`) && path !== besideFolder;
  return keyOfPath(isBeside ? path.slice(0, -besideFolder.length) : path);
}

/** Makes a folder; an object that has its name goes beside it. */
function makeFolder(root: string, path: string): void {
  if (path === root || isFolder(path)) return;
  makeFolder(root, dirname(path));
  if (isFile(path)) renameSync(path, `${path}${besideFolder}`);
  mkdirSync(path, { recursive: true });
}

function removeEmptyFolders(root: string, path: string): void {
  if (path === root) return;
  try {
    rmdirSync(path);
  } catch (error) {
    if (hasCode(error, "ENOTEMPTY") || hasCode(error, "ENOENT")) return;
    throw error;
  }
  removeEmptyFolders(root, dirname(path));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function etagOf(body: Buffer): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}
