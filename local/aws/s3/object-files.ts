import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { dirname, join, relative, sep } from "node:path";
import type { Answer } from "#local/aws/http-server";
import { notImplemented, S3Error } from "#local/aws/s3/s3-error";

/**
 * Checks If-Match and If-None-Match against what is there. Throws the S3Error of a condition that does not hold; answers
 * 304 where a reader has the object already.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkConditions(
  method: string,
  headers: IncomingHttpHeaders,
  etag: string | undefined,
): Answer | undefined {
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined) {
    if (etag === undefined) throw new S3Error("NoSuchKey");
    if (!names(ifMatch, etag)) throw new S3Error("PreconditionFailed", { Condition: "If-Match" });
  }

  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch === undefined) return undefined;
  const isWrite = method !== "GET" && method !== "HEAD";
  if (isWrite && ifNoneMatch !== "*") throw notImplemented("If-None-Match with an ETag");
  if (etag === undefined || !names(ifNoneMatch, etag)) return undefined;
  if (isWrite) throw new S3Error("PreconditionFailed", { Condition: "If-None-Match" });
  return { status: 304, headers: { etag } };
}

function names(condition: string, etag: string): boolean {
  return condition === "*" || condition === etag || `"${condition}"` === etag;
}

/** Names of files that are being written. No key has such a name, because a leading dot of a key is encoded. */
const temporaryPrefix = ".writing-";

/**
 * A key as a path, its slashes as folders. What is not a letter, a digit or plain punctuation is percent-encoded, so is a
 * leading dot (`..` names nothing outside) and a `%` itself; a part between slashes that is empty is called `%`. No two keys
 * have one path, and none leads out of its folder.
 */
function pathOfKey(key: string): string {
  return key.split("/").map(encodePart).join("/");
}

function keyOfPath(path: string): string {
  return path.split("/").map(decodePart).join("/");
}

function encodePart(part: string): string {
  if (part === "") return "%";
  return encodeURIComponent(part).replace(/^\.|[*]/g, (character) => (character === "*" ? "%2A" : "%2E"));
}

function decodePart(name: string): string {
  return name === "%" ? "" : decodeURIComponent(name);
}

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
