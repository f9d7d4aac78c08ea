/** Gives the handler one event in a process of its own, set up by its environment variables. */
import process from "node:process";
import type { Context } from "aws-lambda";
import { closeSharedClient } from "#exchange/shared-client";
import { handler } from "#functions/create-group/handler";

const context = { functionName: "create-group", getRemainingTimeInMillis: () => 60_000 } as Context;
const event: unknown = JSON.parse(process.argv[2] ?? "");
await handler(event, context).catch(() => {
  process.exitCode = 1;
});
await closeSharedClient();
