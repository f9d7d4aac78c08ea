import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CfnSchema } from "aws-cdk-lib/aws-eventschemas";
import { Construct } from "constructs";
import { nameOf } from "#cdk/naming";

/** Where the Lambda console looks for test events that everybody may use. */
export const testEventRegistry = "lambda-testevent-schemas";

const root = join(import.meta.dirname, "..", "..");

/**
 * The saved events of a tenant's functions, each of which the Lambda console offers at its function.
 * https://docs.aws.amazon.com/lambda/latest/dg/testing-functions.html#creating-shareable-events
 */
export class ConsoleEvents extends Construct {
  constructor(scope: Construct, id: string, tenant: string) {
    super(scope, id);
    for (const file of globSync("functions/*/console-events.json", { cwd: root }).sort()) {
      const name = basename(dirname(file));
      const functionName = nameOf(tenant, name);
      const events = JSON.parse(readFileSync(join(root, file), "utf8"));
      new CfnSchema(this, name, {
        registryName: testEventRegistry,
        schemaName: `_${functionName}-schema`,
        type: "OpenApi3",
        content: JSON.stringify(describe(functionName, events)),
      });
    }
  }
}

/** The console reads the examples. */
function describe(title: string, events: Record<string, unknown>) {
  const examples = Object.entries(events).map(([name, value]) => [name, { value }]);
  return {
    openapi: "3.0.0",
    info: { version: "1.0.0", title },
    paths: {},
    components: { schemas: { Event: { type: "object" } }, examples: Object.fromEntries(examples) },
  };
}
