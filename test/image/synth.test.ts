import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { Stack } from "aws-cdk-lib";
import { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { afterAll, expect, test } from "vitest";
import { buildApp } from "#cdk/build-app";
import { root } from "#test/support/repository";
import { context, makeOutdir, removeOutdirs, synthesize } from "#test/support/synthesize";

afterAll(removeOutdirs);

const run = promisify(execFile);
const contoso = "exchange-online-gateway-contoso";
const oneTenant = { tenants: [{ name: "contoso", region: "eu-central-1" }] };
const folder = mkdtempSync(join(tmpdir(), "exchange-online-gateway-synth-"));
const build = join(folder, "build");

afterAll(() => rmSync(folder, { recursive: true }));

test("synthesizes both tenants of cdk.json without a network, an account, or a finding", {
  timeout: 60_000,
}, async () => {
  await cdk("synth", "--quiet", "--output", build, "-c", `imageFolder=${context.imageFolder}`);

  const templates = readdirSync(build).filter((name) => name.endsWith(".template.json"));
  expect(templates.sort()).toEqual([
    "exchange-online-gateway-contoso.template.json",
    "exchange-online-gateway-fabrikam.template.json",
    "exchange-online-gateway-test-events-eu-central-1.template.json",
  ]);
});

test("makes the same of the same image, wherever and whenever it was built", { timeout: 60_000 }, () => {
  const image = join(folder, "image");
  cpSync(String(context.imageFolder), image, { recursive: true });

  const first = synthesize(oneTenant);
  const second = synthesize({ ...oneTenant, imageFolder: image });

  expect(second.template("contoso")).toEqual(first.template("contoso"));
});

test("takes findings for errors: cdk-nag's, and those of the validator that CDK has", () => {
  const app = buildApp({ context: { ...context, ...oneTenant }, outdir: makeOutdir() });
  new CfnQueue(app.node.findChild(contoso) as Stack, "Wrong", { visibilityTimeout: -1 });

  expect(() => app.synth()).toThrow(/AwsSolutions-SQS4[\s\S]*CloudFormation-Validate/);
});

/** As on a machine that has nothing but this repository: what would leave it finds a proxy that is none. */
function cdk(...words: string[]) {
  const env = { PATH: process.env.PATH, HOME: folder, HTTPS_PROXY: "http://127.0.0.1:9" };
  return run(process.execPath, ["node_modules/aws-cdk/bin/cdk", ...words], { cwd: root, env });
}
