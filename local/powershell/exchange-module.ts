import { readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { resolveModulePath } from "#powershell/module-path";
import { ExchangeError } from "#runtime/exchange-error";

export type FoundModule = { path: string; version: string; isStandIn: boolean };

const name = "ExchangeOnlineManagement";
const oldest = { major: 3, minor: 5 };
const standInFolder = join(import.meta.dirname, name);

/** The module at a .psd1 or in its folder. Throws `MODULE_UNUSABLE`. */
export function readModule(place: string): FoundModule {
  const path = resolveModulePath(place);
  const version = /^\s*ModuleVersion\s*=\s*["']([\d.]+)["']/im.exec(readFileSync(path, "utf8"))?.[1] ?? "0";
  if (!isNewEnough(version)) {
    throw new ExchangeError("MODULE_UNUSABLE", `${path} is version ${version}, and 3.5 or later is needed.`);
  }
  return { path, version, isStandIn: dirname(path) === standInFolder };
}

/** The newest module that this PowerShell would find by its name; undefined where none is 3.5 or later. */
export function findExchangeModule(powershellPath: string, environment: NodeJS.ProcessEnv): FoundModule | undefined {
  for (const folder of moduleFolders(powershellPath, environment)) {
    try {
      return readModule(join(folder, name));
    } catch (error) {
      // Not in this folder, or too old there: the next one may have it.
      if (!(error instanceof ExchangeError)) throw error;
    }
  }
  return undefined;
}

/** https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_psmodulepath */
function moduleFolders(powershellPath: string, environment: NodeJS.ProcessEnv): string[] {
  const home = environment.HOME ?? homedir();
  return [
    ...(environment.PSModulePath ?? "").split(delimiter),
    join(home, ".local", "share", "powershell", "Modules"),
    join(home, "Documents", "PowerShell", "Modules"),
    join(
      environment.ProgramFiles ?? "/usr/local/share",
      environment.ProgramFiles ? "PowerShell" : "powershell",
      "Modules",
    ),
    join(dirname(realPath(powershellPath)), "Modules"),
  ].filter(Boolean);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A name that is looked for on PATH: it says nothing of where PowerShell's own modules lie.
    return path;
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}
