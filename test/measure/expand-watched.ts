/**
 * Gives the function a message to begin with, which opens its session, and another one, and tells the parent how long that
 * one took and how much heap Node held after collections: before it, at its peak, and towards its end. Run with `--expose-gc`.
 */
import process from "node:process";
import type { Context } from "aws-lambda";
import { closeSharedClient } from "#exchange/shared-client";
import { handler } from "#functions/expand-audience/handler";
import { heapMiB, watchHeap } from "#test/measure/watch-heap";

const [first = "", second = ""] = process.argv.slice(2);
const deliver = (event: string) => handler(JSON.parse(event), { getRemainingTimeInMillis: () => 900_000 } as Context);

await deliver(first);
const heapBaseMiB = heapMiB();
const heap = watchHeap();
const startedAt = Date.now();
await deliver(second);
const seconds = (Date.now() - startedAt) / 1000;
const held = heap.end();
await closeSharedClient();
process.send?.({ seconds, heapBaseMiB, ...held });
process.disconnect?.();
