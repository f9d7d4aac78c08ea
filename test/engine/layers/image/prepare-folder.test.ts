import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { stop as stopBundler } from "esbuild";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queueFunctions } from "#functions/facts";
import { type Bundles, listFunctions } from "#image/bundle-functions";
import { prepareFolder } from "#image/prepare-folder";
import { loadedAtStart } from "#test/image/loaded-at-start";
import { root } from "#test/support/repository";

const folder = mkdtempSync(join(tmpdir(), "image-test-"));
const functions = listFunctions();
/** On the repository's own disk, so that it can have the packages as links. */
const clone = join(root, ".local", `clone-${process.pid}`);
let bundles: Bundles;

beforeAll(async () => {
  bundles = await prepareFolder(join(folder, "image"));
});

afterAll(async () => {
  for (const place of [folder, clone]) rmSync(place, { recursive: true, force: true });
  await stopBundler();
});

test("prepares the same bytes in another clone, whatever is different there in what the image does not hold", async () => {
  for (const name of ["functions", "layers", "package.json", "tsconfig.json"]) {
    cpSync(join(root, name), join(clone, name), { recursive: true });
  }
  execFileSync("cp", ["-al", join(root, "node_modules"), clone]);
  writeFileSync(join(clone, "README.md"), "Another one.");
  writeFileSync(join(clone, "layers", "runtime", "unused.ts"), "export const unused = true;");

  await execa(process.execPath, [join(clone, "layers", "image", "build.ts")]);

  expect(hashFiles(join(clone, "dist", "image"))).toEqual(hashFiles(join(folder, "image")));
});

test("names no place of this machine", () => {
  const files = Object.entries(readFiles(join(folder, "image")));

  expect(files.filter(([, content]) => content.includes(root)).map(([path]) => path)).toEqual([]);
});

test("holds every function, the scripts of the worker, and nothing of the tests or the local system", () => {
  const paths = Object.keys(readFiles(join(folder, "image")));

  expect(paths).toEqual(expect.arrayContaining(functions.map((name) => `functions/${name}.mjs`)));
  expect(paths).toContain("functions/worker/worker.ps1");
  expect(sourcesOf().filter((path) => /^(test|local|cdk)\//.test(path))).toEqual([]);
});

test("gives the licence of every package that it passes on", () => {
  const packages = new Set(sourcesOf().flatMap((path) => packageOf(path) ?? []));

  const notices = readFileSync(join(folder, "image", "functions", "LICENSES.txt"), "utf8").split("\n");

  const named = [...packages].filter((name) => notices.some((line) => line.startsWith(`${name} `)));

  expect(named).toEqual([...packages]);
  expect(packages.size).toBeGreaterThan(10);
});

test.each(functions)("%s loads SQS only where it is given messages", (name) => {
  const loaded = packagesAtStart(name);

  expect(loaded.has("@aws-sdk/client-sqs")).toBe(name in queueFunctions);
});

test("validates credentials without loading S3", () => {
  const loaded = packagesAtStart("validate-credentials");

  expect(loaded).toContain("@aws-sdk/client-secrets-manager");
  expect(loaded).not.toContain("@aws-sdk/client-s3");
});

test("holds the messages of zod in no language but English", () => {
  const languages = sourcesOf().flatMap((path) => /zod\/v4\/locales\/(.*)\.js$/.exec(path)?.[1] ?? []);

  expect([...new Set(languages)]).toEqual(["en"]);
});

test.each(functions)("%s loads no sign-in to AWS but that of its own environment", (name) => {
  const signIns = [...packagesAtStart(name)].filter((each) => each.startsWith("@aws-sdk/credential-provider-"));

  expect(signIns.sort()).toEqual(["@aws-sdk/credential-provider-env", "@aws-sdk/credential-provider-node"]);
});

function readFiles(place: string): Record<string, string> {
  const entries = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(place.length + 1), readFileSync(path, "utf8")]));
}

function hashFiles(place: string): Record<string, string> {
  const files = Object.entries(readFiles(place));
  return Object.fromEntries(files.map(([path, content]) => [path, createHash("sha256").update(content).digest("hex")]));
}

/** The packages of which something is loaded with the function, before its handler is called. */
function packagesAtStart(name: string): Set<string> {
  return new Set(sourcesOf(loadedAtStart(bundles.metafile, name)).flatMap((path) => packageOf(path) ?? []));
}

/** The files that something of is in these bundled files; by default, in any. */
function sourcesOf(outputs = Object.values(bundles.metafile.outputs)): string[] {
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs));
  return inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
}

function packageOf(path: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}
