import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Node processes that tests start find what one before them has compiled, and start in about half the time. */
const NODE_COMPILE_CACHE = join(import.meta.dirname, ".local", "compile-cache");

const env = { NODE_COMPILE_CACHE, POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true" };

/** Guards against hanging, and no more: nothing that is tested takes nearly as long, on a slow and busy machine either. */
const guards = { testTimeout: 120_000, hookTimeout: 120_000 };

type TierOptions = { startsPowerShell: boolean; runs?: "few" | "many" };

/** A tier of the tests: all files below its folder, with PowerShell at hand where they start processes. */
function tier(name: string, { startsPowerShell, runs }: TierOptions) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      ...(startsPowerShell ? { globalSetup: ["test/prepare-powershell.ts"] } : {}),
      setupFiles: ["test/prepare-properties.ts", ...(startsPowerShell ? ["test/leave-no-process.ts"] : [])],
      env: { ...env, TEST_RUNS: runs ?? "few" },
      ...guards,
      // What a file changes of its process it puts back: the next one finds its modules loaded.
      isolate: false,
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      tier("unit", { startsPowerShell: false }),
      tier("engine", { startsPowerShell: true }),
      tier("soak", { startsPowerShell: true, runs: "many" }),
      tier("image", { startsPowerShell: true }),
    ],
    // Tests wait for other processes now and then, and for pauses to pass.
    maxWorkers: availableParallelism() + 1,
    coverage: {
      provider: "v8",
      include: ["functions/**/*.ts", "layers/**/*.ts", "local/**/*.ts", "cdk/**/*.ts"],
      reporter: ["text-summary"],
      // A little below what the tests reach: one that is dropped by mistake shows.
      thresholds: { statements: 91, branches: 87.5, functions: 91, lines: 91.5 },
    },
  },
});
