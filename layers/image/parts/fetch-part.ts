/**
 * Fetches a part of the image and keeps it only where it is the one that is meant, by its SHA-256:
 * `node fetch-part.ts versions.json powershell /tmp/powershell.tar.gz`. The build arguments POWERSHELL_URL and
 * POWERSHELL_SHA256 (MODULE_URL, MODULE_SHA256) replace what versions.json says. It runs while the image is built, on
 * Node alone.
 */

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import process from "node:process";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { VersionedFile, Versions } from "#image/versions";

type Part = keyof Versions;

if (import.meta.main) {
  const [versionsFile = "", part = "", target = ""] = process.argv.slice(2);
  try {
    console.log(await fetchPart(versionsFile, part as Part, target));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/** Writes the part to `target`. Throws, and leaves nothing there, where its hash is missing or not the right one. */
async function fetchPart(versionsFile: string, part: Part, target: string): Promise<string> {
  const { url, sha256 } = chooseFile(JSON.parse(await readFile(versionsFile, "utf8")), part);
  const name = part.toUpperCase();
  if (!url) throw new Error(`versions.json has no ${part} for ${process.arch}. Give ${name}_URL and ${name}_SHA256.`);
  if (!sha256) {
    throw new Error(
      `${part} has no SHA-256: what ${url} answers could be anything. ` +
        `Run "npm run image:lock" and commit versions.json, or give ${name}_SHA256.`,
    );
  }
  const fetched = await download(url, createWriteStream(target));
  if (fetched.sha256 !== sha256.toLowerCase()) {
    await rm(target, { force: true });
    throw new Error(`${part} is not the file that is meant: ${url} has SHA-256 ${fetched.sha256}, not ${sha256}.`);
  }
  return `${part}: ${fetched.bytes} bytes from ${url}, SHA-256 ${fetched.sha256} as it should be.`;
}

function chooseFile(versions: Versions, part: Part) {
  const files: Record<string, VersionedFile> = versions[part].files;
  const { url, sha256 }: Partial<VersionedFile> = files[process.arch] ?? files.any ?? {};
  const name = part.toUpperCase();
  return { url: process.env[`${name}_URL`] || url, sha256: process.env[`${name}_SHA256`] || sha256 };
}

/** Writes what an https:, http: or file: URL holds to `target`. Throws where it cannot be read to its end. */
export async function download(url: string, target: Writable): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(
    await open(url),
    async function* (source: AsyncIterable<Uint8Array>) {
      for await (const chunk of source) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    target,
  );
  return { sha256: hash.digest("hex"), bytes };
}

async function open(url: string): Promise<AsyncIterable<Uint8Array>> {
  if (url.startsWith("file:")) return createReadStream(new URL(url));
  const response = await fetch(url).catch((error: Error) => {
    throw new Error(`${url} cannot be fetched: ${error.cause instanceof Error ? error.cause.message : error.message}`);
  });
  if (response.ok && response.body) return response.body;
  throw new Error(`${url} cannot be fetched: HTTP ${response.status}`);
}
