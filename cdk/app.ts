/** What `cdk` runs to learn what is deployed: cdk.json names it. */
import process from "node:process";
import { buildApp } from "#cdk/build-app";

try {
  buildApp().synth();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
