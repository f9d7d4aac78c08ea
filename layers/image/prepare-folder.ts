import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { type Bundles, bundleFunctions } from "#image/bundle-functions";

const layers = join(import.meta.dirname, "..");

/** The context of the image, as `npm run build` leaves it. */
export const imageFolder = join(layers, "..", "dist", "image");

/**
 * Makes a folder anew that is all a builder of images needs: the Dockerfile, and what it copies. It depends on what goes
 * into the image alone, so its hash does.
 */
export async function prepareFolder(folder: string = imageFolder): Promise<Bundles> {
  const bundles = await bundleFunctions();
  await rm(folder, { recursive: true, force: true });
  await writeFunctions(bundles, join(folder, "functions"));
  for (const name of ["Dockerfile", "versions.json", "parts", "check"]) {
    await cp(join(layers, "image", name), join(folder, name), { recursive: true });
  }
  return bundles;
}

async function writeFunctions({ files, metafile }: Bundles, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, content } of files) await writeFile(join(folder, path), content);
  await writeFile(join(folder, "LICENSES.txt"), licenseNotices(metafile));
  // Where the bundled code looks for it: beside itself.
  await cp(join(layers, "powershell", "worker"), join(folder, "worker"), { recursive: true });
}

const root = join(import.meta.dirname, "..", "..");
const packageFolder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const licenseFile = /^(licen[cs]e|notice|copying)/i;

/** The licence of every package that the bundles hold something of, as most of them ask for where they are passed on. */
function licenseNotices(metafile: Metafile): string {
  const namesByText = Map.groupBy(listPackages(metafile), readLicense);
  return [...namesByText].map(([text, folders]) => `${folders.map(nameOf).join("\n")}\n\n${text}\n`).join("\n---\n\n");
}

/** The folder of each, below the repository. */
function listPackages({ outputs }: Metafile): string[] {
  const bundled = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return [...new Set(bundled.flatMap((path) => packageFolder.exec(path)?.[0] ?? []))].sort();
}

function nameOf(folder: string): string {
  const { name, version } = readManifest(folder);
  return `${name} ${version}`;
}

/** Its own files, or what its manifest says where it has none. */
function readLicense(folder: string): string {
  const files = readdirSync(join(root, folder)).filter((file) => licenseFile.test(file));
  const texts = files.sort().map((file) => readFileSync(join(root, folder, file), "utf8").trim());
  return texts.join("\n\n") || readManifest(folder).license;
}

function readManifest(folder: string) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}
