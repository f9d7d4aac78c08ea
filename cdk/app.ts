/** What `cdk` runs to learn what is deployed: cdk.json names it. */
import { join } from "node:path";
import process from "node:process";
import { buildApp } from "#cdk/build-app";

try {
  buildApp({ imageFolder: join(import.meta.dirname, "..", "dist", "image") }).synth();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
