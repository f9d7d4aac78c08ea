import { sep } from "node:path";
import process from "node:process";
import { provideEmbeddedPowerShell } from "#local/powershell/embedded-powershell";
import { type ExchangeModule, findExchangeModule } from "#local/powershell/exchange-module";
import { findOnPath, type PowerShellProgram, readVersion } from "#local/powershell/powershell-version";

/** What PowerShell runs here, with which module. */
export type PowerShellChoice = {
  powershellPath: string;
  module: ExchangeModule;
  /** One line for people: "PowerShell 7.6.9 (…), ExchangeOnlineManagement 3.9.0 (…)". */
  describe: string;
};

/**
 * Finds PowerShell, POWERSHELL_PATH or pwsh or the embedded one, which is built where it is not there yet; and whatever
 * that is, the module: EXCHANGE_MODULE_PATH or an installed one or the repository's stand-in. Throws
 * `POWERSHELL_NOT_FOUND`, `POWERSHELL_START_FAILED` or `MODULE_UNUSABLE`.
 */
export async function resolvePowerShell(environment: NodeJS.ProcessEnv = process.env): Promise<PowerShellChoice> {
  const program = await findProgram(environment);
  const module = findExchangeModule(program, environment);
  return {
    powershellPath: program.path,
    module,
    describe: `PowerShell ${program.version} (${program.path}), ExchangeOnlineManagement ${module.version} (${module.path})`,
  };
}

async function findProgram(environment: NodeJS.ProcessEnv): Promise<PowerShellProgram> {
  const asked = environment.POWERSHELL_PATH;
  const path = asked?.includes(sep) ? asked : (findOnPath(asked || "pwsh", environment) ?? asked);
  return readVersion(path || (await provideEmbeddedPowerShell({ environment })), environment);
}
