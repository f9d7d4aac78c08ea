import { readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { PowerShellProgram } from "#local/powershell/powershell-version";
import { findModulePath, resolveModulePath } from "#powershell/module-path";
import { ExchangeError } from "#runtime/errors";
import { unsupportedPair } from "#validation/environment-checks";

export type ExchangeModule = {
  /** Its .psd1. */
  path: string;
  /** With the label of a prerelease: "3.9.0-stand-in". */
  version: string;
  isStandIn: boolean;
};

const name = "ExchangeOnlineManagement";
const standInLabel = "stand-in";

/** The repository's stand-in. */
export const standInFolder = join(import.meta.dirname, name);

/**
 * The module that runs in this PowerShell: that of EXCHANGE_MODULE_PATH, or the first installed one that can, or the
 * repository's stand-in where none is installed. Throws `MODULE_UNUSABLE` where there is one and it cannot run.
 */
export function findExchangeModule(program: PowerShellProgram, environment: NodeJS.ProcessEnv): ExchangeModule {
  if (environment.EXCHANGE_MODULE_PATH) return readModule(environment.EXCHANGE_MODULE_PATH, program);
  return findInstalledModule(program, environment) ?? readModule(standInFolder, program);
}

function findInstalledModule(program: PowerShellProgram, environment: NodeJS.ProcessEnv): ExchangeModule | undefined {
  const unusable: unknown[] = [];
  for (const folder of moduleFolders(program.path, environment)) {
    const path = findModulePath(join(folder, name));
    if (path === undefined) continue;
    try {
      return readModule(path, program);
    } catch (error) {
      // The next folder may have one that runs.
      unusable.push(error);
    }
  }
  if (unusable.length > 0) throw unusable[0];
  return undefined;
}

function readModule(place: string, program: PowerShellProgram): ExchangeModule {
  const path = resolveModulePath(place);
  const manifest = readManifest(path);
  const version = /^\s*ModuleVersion\s*=\s*["']([\d.]+)["']/im.exec(manifest)?.[1];
  const label = /^\s*Prerelease\s*=\s*["']-?([\da-z-]+)["']/im.exec(manifest)?.[1];
  if (version === undefined) throw unusable(path, "Its manifest names no ModuleVersion.", "Install it anew.");
  const trouble = unsupportedPair(version, program.version);
  if (trouble) throw unusable(path, trouble.what, trouble.fix);
  return {
    path,
    version: label === undefined ? version : `${version}-${label}`,
    isStandIn: label === standInLabel,
  };
}

/** A manifest's text as PowerShell reads it: as its byte order mark says, and as UTF-8 where there is none. */
function readManifest(path: string): string {
  try {
    const bytes = readFileSync(path);
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  } catch (error) {
    throw unusable(path, `It cannot be read: ${error instanceof Error ? error.message : error}.`, "Install it anew.");
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}

function unusable(path: string, what: string, fix: string): ExchangeError {
  return new ExchangeError(
    "MODULE_UNUSABLE",
    `The module at ${path} cannot be used. ${what} ${fix} EXCHANGE_MODULE_PATH takes another one.`,
  );
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
