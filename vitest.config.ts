import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "#test/longest-first";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/prepare-powershell.ts"],
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    env: {
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
      // Programs that tests start find here what Node has made of the sources.
      NODE_COMPILE_CACHE: join(import.meta.dirname, ".local", "compile-cache"),
    },
  },
});
