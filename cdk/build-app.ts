import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { App, type AppProps, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { addTestEventRegistry } from "#cdk/add-test-event-registry";
import { GatewayStack } from "#cdk/gateway-stack";
import { readSettings } from "#cdk/settings";

type Options = AppProps & {
  /** What the image of the functions is built from. */
  imageFolder: string;
};

/**
 * An app with a stack for each tenant that its context names, which is checked when it is synthesized. Throws a plain
 * sentence where a setting is wrong, or the image is not there.
 */
export function buildApp({ imageFolder, ...props }: Options): App {
  const app = new App(props);
  const { tenants, runbook, createTestEventRegistry } = readSettings(app.node.getAllContext());
  requireImage(imageFolder);
  for (const settings of tenants) {
    const stack = new GatewayStack(app, { settings, imageFolder, runbook });
    if (createTestEventRegistry) stack.addStackDependency(addTestEventRegistry(app, settings));
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

function requireImage(folder: string): void {
  if (existsSync(join(folder, "Dockerfile"))) return;
  throw new Error(`There is no image to deploy in ${relative(process.cwd(), folder)}: run npm run build first.`);
}
