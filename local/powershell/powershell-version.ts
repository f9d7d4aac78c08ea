import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { ExecaError, execa } from "execa";
import { ExchangeError } from "#runtime/errors";

/** The path of a program of that name, as a shell would find it; undefined where PATH has none. */
export function findOnPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const folders = (environment.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, file)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not ours to run: the next folder may have it.
    return false;
  }
}

/** A PowerShell that answers. */
export type PowerShellProgram = { path: string; version: string };

const limitMs = 30_000;
const oldest = { major: 7, minor: 4 };
const answer = /^PowerShell (?<version>(?<major>\d+)\.(?<minor>\d+)\S*)\s*$/;

/** Asks a PowerShell for its version. Throws `POWERSHELL_NOT_FOUND`, or `POWERSHELL_START_FAILED` where it is none. */
export async function readVersion(path: string, environment: NodeJS.ProcessEnv): Promise<PowerShellProgram> {
  const { version = "", major, minor } = answer.exec(await askVersion(path, environment))?.groups ?? {};
  if (version === "") throw unusable(path, "it does not say which version it is when started with -Version");
  if (Number(major) < oldest.major || (Number(major) === oldest.major && Number(minor) < oldest.minor)) {
    throw unusable(path, `it is version ${version}, and 7.4 or later is needed`);
  }
  return { path, version };
}

async function askVersion(path: string, environment: NodeJS.ProcessEnv): Promise<string> {
  try {
    const env = { ...environment, NO_COLOR: "1", POWERSHELL_TELEMETRY_OPTOUT: "1", POWERSHELL_UPDATECHECK: "Off" };
    const options = { env, extendEnv: false, stdin: "ignore", timeout: limitMs, killDescendants: true } as const;
    return (await execa(path, ["-Version"], options)).stdout;
  } catch (error) {
    const code = error instanceof ExecaError ? error.code : undefined;
    if (code === "ENOENT" || code === "EACCES") {
      throw new ExchangeError(
        "POWERSHELL_NOT_FOUND",
        `There is no PowerShell to run at ${path}. Correct POWERSHELL_PATH.`,
      );
    }
    throw unusable(path, error instanceof ExecaError ? `it failed: ${error.shortMessage}` : String(error));
  }
}

function unusable(path: string, reason: string): ExchangeError {
  return new ExchangeError(
    "POWERSHELL_START_FAILED",
    `${path} cannot be used as PowerShell: ${reason}. Correct POWERSHELL_PATH.`,
  );
}
