import { existsSync } from "node:fs";
import { join } from "node:path";
import { App, type AppProps, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { addTestEventRegistry } from "#cdk/add-test-event-registry";
import { GatewayStack } from "#cdk/gateway-stack";
import { readSettings } from "#cdk/settings";

/**
 * An app with a stack for each tenant that its context names, which is checked when it is synthesized. Throws a plain
 * sentence where a setting is wrong, or the image is not there.
 */
export function buildApp(props: AppProps = {}): App {
  const app = new App(props);
  const { tenants, imageFolder, imageArguments, runbook, createTestEventRegistry } = readSettings(
    app.node.getAllContext(),
  );
  requireImage(imageFolder);
  const image = { folder: imageFolder, buildArgs: imageArguments };
  for (const settings of tenants) {
    const stack = new GatewayStack(app, { settings, image, runbook });
    if (createTestEventRegistry) stack.addStackDependency(addTestEventRegistry(app, settings));
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

function requireImage(folder: string): void {
  if (existsSync(join(folder, "Dockerfile"))) return;
  throw new Error(`There is no image to deploy in ${folder}: run npm run build first.`);
}
