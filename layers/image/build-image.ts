/**
 * `npm run image -- --platform linux/arm64 --tag name --build-arg NAME=VALUE`: builds the image from the folder that
 * `npm run build` makes, with docker, or with buildah where no docker answers. What is given goes on to it.
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { findBuilder } from "#image/find-builder";
import { imageFolder } from "#image/prepare-folder";
import { listUnlocked, readVersions } from "#image/versions";

/** Used unless one of their names is given. */
const defaults = [
  { names: ["--platform"], value: `linux/${process.arch === "arm64" ? "arm64" : "amd64"}` },
  { names: ["--tag", "-t"], value: "exchange-online-gateway" },
];

const words = process.argv.slice(2);
const unlocked = listUnlocked(await readVersions(), words);
const builder = findBuilder();
if (unlocked.length > 0) {
  const hashes = unlocked.map((name) => `--build-arg ${name.toUpperCase()}_SHA256=…`).join(" ");
  fail(`versions.json has no hash of ${unlocked.join(" and ")}: run "npm run image:lock", or give ${hashes}.`);
} else if (builder) {
  const { status } = spawnSync(builder, ["build", ...withDefaults(words), imageFolder], {
    stdio: "inherit",
    // Lambda refuses an image with attestations. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-image.html
    env: { ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
  });
  process.exitCode = status ?? 1;
} else {
  fail("Neither docker, with its engine running, nor buildah works here: one of them builds the image.");
}

function fail(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}

function withDefaults(words: readonly string[]): string[] {
  const given = words.map((word) => word.split("=")[0]);
  const absent = defaults.filter(({ names }) => !names.some((name) => given.includes(name)));
  return [...absent.flatMap(({ names: [name = ""], value }) => [name, value]), ...words];
}
