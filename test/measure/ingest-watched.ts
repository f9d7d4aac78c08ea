/**
 * Ingests once and tells the parent how much heap Node held after collections: at its peak, and what it kept towards the
 * end, when a page had just been stored. Run with `--expose-gc`.
 */
import process from "node:process";
import type { Context } from "aws-lambda";
import { closeSharedClient } from "#exchange/shared-client";
import { handler } from "#functions/ingest-users/handler";
import { watchHeap } from "#test/measure/watch-heap";

const heap = watchHeap();
const { rows, durationMs } = await handler({}, { getRemainingTimeInMillis: () => 3_600_000 } as Context);
const held = heap.end();
await closeSharedClient();
process.send?.({ rows, durationMs, ...held });
process.disconnect?.();
