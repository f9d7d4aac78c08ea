import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** The parts of which a file has no hash, neither in versions.json nor among the words that a builder of images is given. */
export function listUnlocked(versions: Versions, words: readonly string[]): string[] {
  const unlocked = Object.entries(versions).filter(([, { files }]) =>
    Object.values<VersionedFile>(files).some(({ sha256 }) => sha256 === undefined),
  );
  const names = unlocked.map(([name]) => name);
  return names.filter((name) => !words.some((word) => word.includes(`${name.toUpperCase()}_SHA256=`)));
}

export const versionsFile = join(import.meta.dirname, "versions.json");

const fileSchema = z.strictObject({
  url: z.url(),
  /** Lower-case hexadecimal. The image is not built from a file without one. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

const versionSchema = z.string().regex(/^\d+(\.\d+)+$/);

const versionsSchema = z.strictObject({
  /** Its files by the name Node gives an architecture. */
  powershell: z.strictObject({
    version: versionSchema,
    files: z.strictObject({ x64: fileSchema, arm64: fileSchema }),
  }),
  /** ExchangeOnlineManagement: one file for every architecture. */
  module: z.strictObject({ version: versionSchema, files: z.strictObject({ any: fileSchema }) }),
});

/** The parts of the image that are not made here. */
export type Versions = z.infer<typeof versionsSchema>;
export type VersionedFile = z.infer<typeof fileSchema>;

/** Throws where the file is not as the schema says. */
export async function readVersions(file: string = versionsFile): Promise<Versions> {
  return versionsSchema.parse(JSON.parse(await readFile(file, "utf8")));
}

export async function writeVersions(versions: Versions, file: string = versionsFile): Promise<void> {
  await writeFile(file, `${JSON.stringify(versions, null, 2)}\n`);
}
