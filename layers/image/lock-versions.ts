import { Writable } from "node:stream";
import { download } from "#image/parts/fetch-part";
import { readVersions, type VersionedFile, writeVersions } from "#image/versions";

export type LockedFile = { url: string; sha256: string; bytes: number; isNew: boolean };

/**
 * Downloads every file that versions.json names, writes the hashes that it lacks, and answers what it holds then. Throws, and
 * changes nothing, where a file cannot be had or is another one than its hash says.
 */
export async function lockVersions(file: string): Promise<LockedFile[]> {
  const versions = await readVersions(file);
  const named = Object.values(versions).flatMap(({ files }) => Object.values<VersionedFile>(files));
  const locked = await Promise.all(named.map(lock));
  for (const [index, { sha256 }] of locked.entries()) Object.assign(named[index] ?? {}, { sha256 });
  await writeVersions(versions, file);
  return locked;
}

async function lock({ url, sha256: known }: VersionedFile): Promise<LockedFile> {
  const { sha256, bytes } = await download(url, createDrain());
  if (known !== undefined && known !== sha256) {
    throw new Error(
      `${url} has SHA-256 ${sha256}, and versions.json says ${known}. Nothing was written. ` +
        "Find out which of them is right before anything is built.",
    );
  }
  return { url, sha256, bytes, isNew: known === undefined };
}

function createDrain(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
