import { readFileSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { execa } from "execa";
import { engineVersion, provideEngine } from "#local/powershell/engine";
import { resolveModulePath } from "#powershell/module-path";
import { ExchangeError } from "#runtime/exchange-error";

export type PowerShellChoice = {
  powershellPath: string;
  modulePath: string;
  /** Both in words for people. */
  describe: string;
};

const standIn = join(import.meta.dirname, "ExchangeOnlineManagement", "ExchangeOnlineManagement.psd1");
const bareMark = "(bare engine)";

/**
 * The PowerShell to run: POWERSHELL_PATH, else `pwsh` on PATH, else the engine built from NuGet. The module:
 * EXCHANGE_MODULE_PATH, else an installed ExchangeOnlineManagement, else the stand-in, which is all the engine runs.
 */
export async function resolvePowerShell(environment: NodeJS.ProcessEnv = process.env): Promise<PowerShellChoice> {
  const { path, version } = await choosePowerShell(environment);
  const isBare = version.endsWith(bareMark);
  const modulePath = isBare ? standIn : chooseModule(environment);
  return {
    powershellPath: path,
    modulePath,
    describe: `${version}, ${describeModule(modulePath, isBare, environment)}`,
  };
}

async function choosePowerShell(environment: NodeJS.ProcessEnv): Promise<{ path: string; version: string }> {
  const path = environment.POWERSHELL_PATH || (await findOnPath("pwsh", environment.PATH));
  if (path) return { path, version: await askVersion(path) };
  return { path: await provideEngine({ environment }), version: `PowerShell ${engineVersion()} ${bareMark}` };
}

/** "PowerShell 7.6.5", and so that it can be told apart the bare engine's mark. */
async function askVersion(path: string): Promise<string> {
  const { stdout, failed } = await execa(path, ["-Version"], { reject: false, stdin: "ignore", timeout: 30_000 });
  if (!failed && stdout.startsWith("PowerShell ")) return stdout.trim();
  throw new ExchangeError(
    "POWERSHELL_NOT_FOUND",
    `${path} is no PowerShell that runs here. Correct POWERSHELL_PATH, or leave it out.`,
  );
}

async function findOnPath(name: string, path = ""): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const candidate = join(folder, name);
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  }
  return undefined;
}

function chooseModule(environment: NodeJS.ProcessEnv): string {
  if (environment.EXCHANGE_MODULE_PATH) return resolveModulePath(environment.EXCHANGE_MODULE_PATH);
  const folders = [
    ...(environment.PSModulePath ?? "").split(delimiter).filter(Boolean),
    join(homedir(), ".local", "share", "powershell", "Modules"),
    "/usr/local/share/powershell/Modules",
  ];
  return folders.map(findInstalled).find((path) => path !== undefined) ?? standIn;
}

/** The module in a folder of modules, where it is there in version 3.5 or later. */
function findInstalled(folder: string): string | undefined {
  try {
    const path = resolveModulePath(join(folder, "ExchangeOnlineManagement"));
    const [major = 0, minor = 0] = readVersion(path).split(".").map(Number);
    return major > 3 || (major === 3 && minor >= 5) ? path : undefined;
  } catch (error) {
    if (error instanceof ExchangeError) return undefined;
    throw error;
  }
}

function readVersion(modulePath: string): string {
  return /ModuleVersion\s*=\s*['"]([\d.]+)['"]/.exec(readFileSync(modulePath, "utf8"))?.[1] ?? "0";
}

function describeModule(modulePath: string, isBare: boolean, environment: NodeJS.ProcessEnv): string {
  const version = `ExchangeOnlineManagement ${readVersion(modulePath)}`;
  if (modulePath !== standIn) return version;
  const isIgnored = isBare && environment.EXCHANGE_MODULE_PATH;
  return `${version} (the repository's stand-in${isIgnored ? "; the bare engine does not run the one of EXCHANGE_MODULE_PATH" : ""})`;
}
