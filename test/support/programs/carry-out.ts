/** Carries out one message in a process of its own, set up by its environment variables. */
import process from "node:process";
import { closeSharedClient } from "#exchange/shared-client";
import { carryOut } from "#test/support/carry-out";

await carryOut(JSON.parse(process.argv[2] ?? "")).catch(() => {
  process.exitCode = 1;
});
await closeSharedClient();
