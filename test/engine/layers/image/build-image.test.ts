import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { execa } from "execa";
import { afterAll, beforeEach, expect, test } from "vitest";
import { root } from "#test/support/repository";

const program = join(root, "layers", "image", "build-image.ts");
const folder = mkdtempSync(join(tmpdir(), "build-image-test-"));
const bin = join(folder, "bin");
/** Given each time, whether versions.json has them or not. */
const hashes = ["--build-arg", "MODULE_SHA256=0"];
const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

beforeEach(() => {
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A builder that writes down how it was called; one that is broken has no engine. */
function install(name: string, { isBroken = false } = {}): void {
  const path = join(bin, name);
  const log = join(folder, "calls");
  const script = `echo "${name} $* $BUILDX_NO_DEFAULT_ATTESTATIONS" >> ${log}; [ "$1" != build ] || exit 7`;
  writeFileSync(path, `#!/bin/sh\n${isBroken ? "exit 1" : script}\n`);
  chmodSync(path, 0o755);
  writeFileSync(log, "");
}

async function buildImage(...words: string[]) {
  const env = { PATH: `${bin}:${dirname(process.execPath)}` };
  const { exitCode, stderr } = await execa(process.execPath, [program, ...words, ...hashes], {
    env,
    extendEnv: false,
    reject: false,
  });
  return { exitCode, stderr };
}

/** The last call, without the hashes, and where the folder lies that the image is built from. */
function lastCall(): string {
  const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  return calls.at(-1)?.replace(/ --build-arg MODULE_SHA256=0 \S+\/dist\/image /, " dist/image ") ?? "";
}

test("builds with docker for this machine, without the attestations that Lambda refuses", async () => {
  install("buildah");
  install("docker");

  const { exitCode } = await buildImage();

  expect(lastCall()).toBe(`docker build --platform ${platform} --tag exchange-online-gateway dist/image 1`);
  expect(exitCode).toBe(7);
});

test("builds with buildah where docker has no engine", async () => {
  install("docker", { isBroken: true });
  install("buildah");

  await buildImage();

  expect(lastCall()).toMatch(/^buildah build /);
});

test("hands on what it is given, in place of its own choices", async () => {
  install("docker");

  await buildImage("--platform=linux/arm64", "-t", "mine", "--build-arg", "BASE_IMAGE=local/base");

  expect(lastCall()).toBe("docker build --platform=linux/arm64 -t mine --build-arg BASE_IMAGE=local/base dist/image 1");
});

test("says what is missing where nothing can build", async () => {
  const { exitCode, stderr } = await buildImage();

  expect(exitCode).toBe(1);
  expect(stderr).toContain("docker");
});
