import { readFileSync } from "node:fs";
import { buildApp } from "#cdk/build-app";

const t = performance.now();
const { context } = JSON.parse(readFileSync("cdk.json", "utf8"));
const app = buildApp({ imageFolder: "test/cdk/image", context, outdir: "/tmp/cdkout" });
console.log("built", performance.now() - t);
app.synth();
console.log("synth", performance.now() - t);
