import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { App, type AppProps, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { GatewayStack } from "#cdk/gateway-stack";
import { readSettings } from "#cdk/settings";

type Options = AppProps & { imageFolder: string };

/** An app with a stack for each tenant, which is checked when it is synthesized. Throws where the settings are not right. */
export function buildApp({ imageFolder, ...props }: Options): App {
  const app = new App(props);
  const { tenants } = readSettings({
    tenants: app.node.tryGetContext("tenants"),
    runbook: app.node.tryGetContext("runbook"),
    createTestEventRegistry: app.node.tryGetContext("createTestEventRegistry"),
  });
  requireImageFolder(imageFolder);
  for (const tenant of tenants) new GatewayStack(app, { tenant, imageFolder });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

function requireImageFolder(folder: string): void {
  if (existsSync(join(folder, "Dockerfile"))) return;
  throw new Error(`There is no image to deploy in ${relative(process.cwd(), folder)}: run npm run build first.`);
}
