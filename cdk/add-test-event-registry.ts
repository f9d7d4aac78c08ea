import { type App, RemovalPolicy, Stack } from "aws-cdk-lib";
import { CfnRegistry } from "aws-cdk-lib/aws-eventschemas";
import { testEventRegistry } from "#cdk/constructs/console-events";
import { projectName } from "#cdk/naming";

type Place = { region: string; account?: string };

/**
 * Adds the registry of saved test events, which an account has once in a region, for the functions of everybody. Where it
 * has been added already it answers that one.
 */
export function addTestEventRegistry(app: App, { region, account }: Place): Stack {
  const stackName = `${projectName}-test-events`;
  const id = [stackName, account, region].filter(Boolean).join("-");
  const added = app.node.tryFindChild(id);
  if (added instanceof Stack) return added;

  const stack = new Stack(app, id, {
    stackName,
    env: { region, ...(account ? { account } : {}) },
    description: "Where the Lambda console keeps test events that everybody may use",
    tags: { project: projectName },
  });
  const registry = new CfnRegistry(stack, "Registry", { registryName: testEventRegistry });
  registry.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return stack;
}
