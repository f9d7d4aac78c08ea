/** Ingests users once in a process of its own, set up by its environment variables. */
import process from "node:process";
import type { Context } from "aws-lambda";
import { closeSharedClient } from "#exchange/shared-client";
import { handler } from "#functions/ingest-users/handler";

const context = { functionName: "ingest-users", getRemainingTimeInMillis: () => 60_000 } as Context;
await handler({}, context).catch(() => {
  process.exitCode = 1;
});
await closeSharedClient();
