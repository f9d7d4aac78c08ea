/**
 * `npm run test:image`: the tests of this folder with AWS's own runtime client in place of the short one, and images
 * built by buildah where it is installed and the user is root. The client is installed into
 * .local/ and built once, which takes a minute, cmake, make and a compiler of C++.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const version = "4.0.2";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, ".local", `aws-lambda-ric-${version}`);
const client = join(folder, "node_modules", "aws-lambda-ric");

if (!isBuilt()) install();
if (isBuilt()) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  run(process.execPath, [vitest, "run", "test/image", ...process.argv.slice(2)], {
    TEST_RUNTIME_CLIENT: join(client, "index.mjs"),
    TEST_DOCKERFILE: "yes",
  });
} else {
  console.error(`aws-lambda-ric ${version} could not be built: it takes Linux, cmake, make and a compiler of C++.`);
  process.exitCode = 1;
}

function isBuilt(): boolean {
  return existsSync(join(client, "rapid-client.node"));
}

function install(): void {
  mkdirSync(folder, { recursive: true });
  console.log(`Installing and building aws-lambda-ric ${version}. This is done once and takes about a minute.`);
  run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", `aws-lambda-ric@${version}`]);
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...environment } });
  process.exitCode = status ?? 1;
}
