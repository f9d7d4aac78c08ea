import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "#test/longest-first";

/** Node processes that tests start find what one before them has compiled, and start in about half the time. */
const NODE_COMPILE_CACHE = join(import.meta.dirname, ".local", "compile-cache");

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/prepare-powershell.ts"],
    // Tests wait for other processes now and then, and for pauses to pass.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    env: { NODE_COMPILE_CACHE, POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true" },
  },
});
