/**
 * How long each function's bundle takes from the start of its process until its handler is ready, and how much of it is
 * loaded by then. What the process takes that loads nothing is told apart: that is Node and the runtime client.
 * `npm run measure -- cold-start 20` starts each 20 times.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { listFunctions } from "#image/bundle-functions";
import { prepareFolder } from "#image/prepare-folder";
import { loadedAtStart } from "#test/image/loaded-at-start";
import { startRuntime } from "#test/image/start-runtime";

const times = Number(process.argv[2] ?? 10);
const folder = mkdtempSync(join(tmpdir(), "cold-start-"));
const bundles = join(folder, "image", "functions");
const empty = join(folder, "empty");

const { metafile } = await prepareFolder(join(folder, "image"));
mkdirSync(empty);
writeFileSync(join(empty, "nothing.mjs"), "export const handler = () => {};");

const bareMs = await measure(empty, "nothing");
console.log(`Node ${process.version} with a runtime client alone: ${bareMs.toFixed(0)} ms, the median of ${times}.`);
const rows: Record<string, object> = {};
for (const name of listFunctions()) {
  const loaded = loadedAtStart(metafile, name);
  const readyMs = await measure(bundles, name);
  rows[name] = {
    "ready (ms)": Math.round(readyMs),
    "of that its own (ms)": Math.round(readyMs - bareMs),
    "loaded (kB)": Math.round(loaded.reduce((sum, { bytes }) => sum + bytes, 0) / 1000),
    files: loaded.length,
  };
}
console.table(rows);
rmSync(folder, { recursive: true });

/** The median of all times but the first, which fills the cache of files. */
async function measure(place: string, name: string): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time <= times; time += 1) {
    const workFolder = join(folder, `${name}-${time}`);
    const startedAt = performance.now();
    const runtime = await startRuntime(name, { folder: place, environment: {}, workFolder });
    if (time > 0) taken.push(performance.now() - startedAt);
    await runtime.stop();
  }
  return taken.sort((one, other) => one - other)[Math.floor(taken.length / 2)] ?? Number.NaN;
}
