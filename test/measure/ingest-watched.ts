/** Ingests once and tells the parent the largest heap seen after a collection. Run with `--expose-gc`. */
import process from "node:process";
import type { Context } from "aws-lambda";
import { closeSharedClient } from "#exchange/shared-client";
import { handler } from "#functions/ingest-users/handler";

let heapMiB = 0;
const sampling = setInterval(() => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  heapMiB = Math.max(heapMiB, (heapUsed + external) / 2 ** 20);
}, 250);

const { rows, durationMs } = await handler({}, { getRemainingTimeInMillis: () => 3_600_000 } as Context);
clearInterval(sampling);
await closeSharedClient();
process.send?.({ rows, durationMs, heapMiB });
process.disconnect?.();
