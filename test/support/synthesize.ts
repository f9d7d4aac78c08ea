import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp } from "#cdk/build-app";
import { root } from "#test/support/repository";

/** The context of cdk.json, as `cdk` hands it on, with a folder that stands for the one that `npm run build` prepares. */
export const context: Record<string, unknown> = {
  ...JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")).context,
  imageFolder: join(import.meta.dirname, "image"),
};

export type Resource = {
  id: string;
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what CloudFormation takes has no type
  Properties: any;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
};

/** Folders that apps have synthesized into. */
const outdirs: string[] = [];

/** Belongs into `afterAll` of each test file that synthesizes. */
export function removeOutdirs(): void {
  for (const outdir of outdirs.splice(0)) rmSync(outdir, { recursive: true });
}

/** A new folder for what an app synthesizes. `removeOutdirs` has to be called at the end. */
export function makeOutdir(): string {
  const outdir = mkdtempSync(join(tmpdir(), "exchange-online-gateway-cdk-"));
  outdirs.push(outdir);
  return outdir;
}

/**
 * Synthesizes the tenants of cdk.json, with some of its context changed, and without the validator that CDK has: it costs
 * seconds, and finds nothing that another test of the same templates does not.
 */
export function synthesize(changes: Record<string, unknown> = {}) {
  const app = buildApp({
    context: { ...context, ...changes },
    outdir: makeOutdir(),
    builtinCloudFormationValidation: false,
  });
  const assembly = app.synth();
  return {
    app,
    assembly,
    template: (tenant: string) => assembly.getStackByName(`exchange-online-gateway-${tenant}`).template,
  };
}

/** The resources of a template, of one type or all. */
export function resourcesOf(template: { Resources: Record<string, Omit<Resource, "id">> }, type?: string): Resource[] {
  const resources = Object.entries(template.Resources).map(([id, resource]) => ({ id, ...resource }));
  return resources.filter((resource) => type === undefined || resource.Type === type);
}
