/**
 * Ingests once and tells the parent how much heap Node held after collections: at its peak, and what it kept towards the
 * end, when a page had just been stored. Run with `--expose-gc`.
 */
import process from "node:process";
import type { Context } from "aws-lambda";
import { closeSharedClient } from "#exchange/shared-client";
import { handler } from "#functions/ingest-users/handler";

const heapsMiB: number[] = [];
const sampling = setInterval(() => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  heapsMiB.push((heapUsed + external) / 2 ** 20);
}, 100);

const { rows, durationMs } = await handler({}, { getRemainingTimeInMillis: () => 3_600_000 } as Context);
clearInterval(sampling);
await closeSharedClient();
const lastThird = heapsMiB.slice(-Math.ceil(heapsMiB.length / 3));
process.send?.({ rows, durationMs, heapPeakMiB: Math.max(...heapsMiB), heapKeptMiB: Math.min(...lastThird) });
process.disconnect?.();
