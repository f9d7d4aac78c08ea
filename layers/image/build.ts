/** `npm run build`: prepares the folder that the image is built from, and says what is in it. */

import { relative } from "node:path";
import process from "node:process";
import { listFunctions } from "#image/bundle-functions";
import { imageFolder, prepareFolder } from "#image/prepare-folder";

const startedAt = performance.now();
const { files } = await prepareFolder();
const bytes = files.reduce((sum, { path, content }) => (path.endsWith(".mjs") ? sum + content.length : sum), 0);
const seconds = (performance.now() - startedAt) / 1000;
console.log(
  `${listFunctions().length} functions, ${(bytes / 1e6).toFixed(1)} MB of code, in ${seconds.toFixed(1)} s: ` +
    `${relative(process.cwd(), imageFolder)} is what the image is built from.`,
);
