import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bundles, bundleFunctions } from "#image/bundle-functions";
import { licenseNotices } from "#image/license-notices";

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
