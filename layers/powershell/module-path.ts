import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ExchangeError } from "#runtime/errors";

const manifest = "ExchangeOnlineManagement.psd1";
const versionName = /^\d+(\.\d+){1,3}$/;

/**
 * The absolute path of the module's manifest. Takes the .psd1 itself, the folder it lies in, or the folder of the
 * versions (ExchangeOnlineManagement/3.9.0/…), of which the newest wins. Throws `MODULE_UNUSABLE`.
 */
export function resolveModulePath(path: string): string {
  const found = findModulePath(path);
  if (found !== undefined) return found;
  const place = resolve(path);
  const wanted = placesOfManifest(place);
  throw new ExchangeError("MODULE_UNUSABLE", {
    what:
      `There is no ExchangeOnlineManagement module at ${place}: looked for ${wanted.join(", ")}` +
      `${place === wanted[0] ? "" : ` and ${join(place, "<version>", manifest)}`}.`,
    fix: "Set EXCHANGE_MODULE_PATH to the module's .psd1 or its folder.",
  });
}

/** The same, undefined where there is no module. */
export function findModulePath(path: string): string | undefined {
  return placesOfManifest(resolve(path)).find(isFile);
}

function placesOfManifest(place: string): string[] {
  return place.toLowerCase().endsWith(".psd1") ? [place] : [join(place, manifest), ...versionsIn(place)];
}

function versionsIn(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => versionName.test(name))
    .sort((one, other) => compareVersions(other, one))
    .map((name) => join(folder, name, manifest));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No such folder, or not ours to read: nothing is found in it.
    return [];
  }
}

function compareVersions(one: string, other: string): number {
  const numbers = other.split(".").map(Number);
  for (const [index, part] of one.split(".").map(Number).entries()) {
    const difference = part - (numbers[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return one.split(".").length - numbers.length;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Absent, or in a folder that is not ours to read: the error of resolveModulePath says where was looked.
    return false;
  }
}
