import { readFileSync } from "node:fs";
import { join } from "node:path";

const dockerfile = join(import.meta.dirname, "..", "..", "layers", "image", "Dockerfile");

/**
 * The environment of a deployed function: what the image says, and what Lambda sets besides. The image's HOME is left out,
 * so that nothing leans on one. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function lambdaEnvironment(name: string, { folder, api }: { folder: string; api: string }): NodeJS.ProcessEnv {
  const { HOME: _, ...image } = imageEnvironment();
  return {
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    TZ: ":UTC",
    ...image,
    _HANDLER: `${name}.handler`,
    LAMBDA_TASK_ROOT: folder,
    AWS_LAMBDA_RUNTIME_API: api,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1769",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "2026/01/31/[$LATEST]0",
    AWS_REGION: "eu-central-1",
    AWS_DEFAULT_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "ASIATEST",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_SESSION_TOKEN: "test",
  };
}

/** What the image's ENV says where functions run: that of the stage which the last one is built on. */
function imageEnvironment(): Record<string, string> {
  const [, names = ""] = /^ENV ((?:.*\\\n)*.*)$/m.exec(readFileSync(dockerfile, "utf8")) ?? [];
  const pairs = names.split(/[\s\\]+/).filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
