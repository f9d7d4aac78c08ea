import { join, sep } from "node:path";
import process from "node:process";
import { engineVersion, provideEngine } from "#local/powershell/engine";
import { type FoundModule, findExchangeModule, readModule } from "#local/powershell/exchange-module";
import { findOnPath } from "#local/powershell/find-on-path";
import { type PowerShellProgram, readVersion } from "#local/powershell/powershell-version";

/** What PowerShell runs here, with which module. */
export type PowerShellChoice = {
  powershellPath: string;
  /** The module's .psd1. */
  modulePath: string | null;
  /** One line for people: "PowerShell 7.6.9 (…), ExchangeOnlineManagement 3.9.0 (…)". */
  describe: string;
};

/**
 * Finds PowerShell, POWERSHELL_PATH or pwsh or the bare engine, which is built where it is not there yet; and the module,
 * EXCHANGE_MODULE_PATH or an installed one or the repository's stand-in, the only one that the bare engine runs. Throws
 * `POWERSHELL_NOT_FOUND`, `POWERSHELL_START_FAILED` or `MODULE_UNUSABLE`.
 */
export async function resolvePowerShell(environment: NodeJS.ProcessEnv = process.env): Promise<PowerShellChoice> {
  const program = await findProgram(environment);
  const module = findModule(program, environment);
  const isOverridden = program.isBareEngine && environment.EXCHANGE_MODULE_PATH;
  return {
    powershellPath: program.path,
    modulePath: module.path,
    describe: [
      `PowerShell ${program.version} (${program.isBareEngine ? "bare engine, " : ""}${program.path})`,
      `ExchangeOnlineManagement ${module.version} (${module.isStandIn ? "the repository's stand-in" : module.path})`,
      ...(isOverridden ? ["EXCHANGE_MODULE_PATH is not used: the bare engine runs the stand-in alone"] : []),
    ].join(", "),
  };
}

async function findProgram(environment: NodeJS.ProcessEnv): Promise<PowerShellProgram> {
  const asked = environment.POWERSHELL_PATH;
  const path = asked?.includes(sep) ? asked : (findOnPath(asked || "pwsh", environment) ?? asked);
  if (path) return readVersion(path, environment);
  return { path: await provideEngine({ environment }), version: engineVersion(), isBareEngine: true };
}

function findModule(program: PowerShellProgram, environment: NodeJS.ProcessEnv): FoundModule {
  if (program.isBareEngine) return standIn();
  if (environment.EXCHANGE_MODULE_PATH) return readModule(environment.EXCHANGE_MODULE_PATH);
  return findExchangeModule(program.path, environment) ?? standIn();
}

function standIn(): FoundModule {
  return readModule(join(import.meta.dirname, "ExchangeOnlineManagement"));
}
