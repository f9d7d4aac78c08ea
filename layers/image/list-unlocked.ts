import type { VersionedFile, Versions } from "#image/versions";

/** The parts of which a file has no hash, neither in versions.json nor among the words that a builder of images is given. */
export function listUnlocked(versions: Versions, words: readonly string[]): string[] {
  const unlocked = Object.entries(versions).filter(([, { files }]) =>
    Object.values<VersionedFile>(files).some(({ sha256 }) => sha256 === undefined),
  );
  const names = unlocked.map(([name]) => name);
  return names.filter((name) => !words.some((word) => word.includes(`${name.toUpperCase()}_SHA256=`)));
}
