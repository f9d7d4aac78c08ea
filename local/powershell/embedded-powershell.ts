import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import process from "node:process";
import { ExecaError, execa } from "execa";
import { printError } from "#local/print";
import { isAlive } from "#powershell/process";
import { ExchangeError } from "#runtime/errors";

const sourceFolder = join(import.meta.dirname, "embedded");
const project = "pwsh.csproj";
const sources = [project, "Program.cs"];
const buildsFolder = join(import.meta.dirname, "..", "..", ".local", "powershell");
const program = process.platform === "win32" ? "pwsh.exe" : "pwsh";

export type EmbeddedOptions = {
  /** Where what is built is kept. The repository's own ignored folder by default. */
  folder?: string;
  environment?: NodeJS.ProcessEnv;
  /** Called with a sentence for people before a build. By default it is written to standard error. */
  onProgress?: (text: string) => void;
};

const underWay = new Map<string, Promise<string>>();

/**
 * The path of the embedded PowerShell: Microsoft's console host and modules from NuGet. Builds it with the .NET SDK where
 * that has not been done yet, which takes some 20 seconds. Throws `POWERSHELL_NOT_FOUND` where it cannot.
 */
export function provideEmbeddedPowerShell(options: EmbeddedOptions = {}): Promise<string> {
  const { folder = buildsFolder, environment = process.env, onProgress = printError } = options;
  const target = join(folder, fingerprint(folder));
  const known = underWay.get(target);
  if (known) return known;

  const provided = provide(target, environment, onProgress).catch((error) => {
    underWay.delete(target);
    throw error;
  });
  underWay.set(target, provided);
  return provided;
}

async function provide(
  target: string,
  environment: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<string> {
  const path = join(target, program);
  if (!(await isThere(path))) {
    onProgress("PowerShell is not installed: building it from NuGet. This is done once and takes some 20 seconds.");
    await buildEmbeddedPowerShell({ project: join(sourceFolder, project), target, environment });
  }
  return path;
}

/** Of the sources, and of the place, because the program finds .NET by a path relative to its own. */
function fingerprint(folder: string): string {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} ${folder}`);
  for (const name of sources) hash.update(readFileSync(join(sourceFolder, name)));
  return hash.digest("hex").slice(0, 16);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

const buildLimitMs = 600_000;
const reportLines = 15;
const buildName = /^build-(\d+)-/;

const advice =
  "Install PowerShell 7.4 or later (https://aka.ms/powershell) or the .NET SDK 10 (https://dot.net), or set POWERSHELL_PATH to a pwsh.";

type Build = { project: string; target: string; environment: NodeJS.ProcessEnv };

/**
 * Publishes the project into the folder `target`, which is there whole or not at all: two builds at once both succeed.
 * Nothing is written beside the sources, and no process of the build stays behind. Throws `POWERSHELL_NOT_FOUND`.
 */
async function buildEmbeddedPowerShell({ project, target, environment }: Build): Promise<void> {
  const builds = dirname(target);
  await mkdir(builds, { recursive: true });
  await removeEndedBuilds(builds);
  const folder = await mkdtemp(join(builds, `build-${process.pid}-`));
  try {
    const dotnet = createDotnet(folder, environment);
    const output = join(folder, basename(target));
    await dotnet(publishArguments(project, folder, output, relative(target, await findDotnetRoot(dotnet))));
    await putInPlace(output, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function publishArguments(project: string, folder: string, output: string, dotnetRoot: string): string[] {
  return [
    "publish",
    project,
    "--configuration=Release",
    "--use-current-runtime",
    "--self-contained=false",
    "--disable-build-servers",
    `--artifacts-path=${join(folder, "artifacts")}`,
    `--output=${output}`,
    // It finds a .NET that lies elsewhere than usual, too.
    `-p:AppHostRelativeDotNet=${dotnetRoot}`,
  ];
}

type Dotnet = (args: string[]) => Promise<string>;

/** `dotnet` as a function: answers its standard output, throws `POWERSHELL_NOT_FOUND` where it is missing or fails. */
function createDotnet(folder: string, environment: NodeJS.ProcessEnv): Dotnet {
  const env = {
    // NuGet needs a home; a service may have none.
    HOME: folder,
    ...environment,
    DOTNET_CLI_TELEMETRY_OPTOUT: "1",
    DOTNET_NOLOGO: "1",
    DOTNET_GENERATE_ASPNET_CERTIFICATE: "false",
    DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE: "true",
    DOTNET_CLI_UI_LANGUAGE: "en",
  };
  return async (args) => {
    try {
      const options = { env, extendEnv: false, cwd: folder, stdin: "ignore", timeout: buildLimitMs } as const;
      return (await execa("dotnet", args, options)).stdout;
    } catch (error) {
      throw explain(error);
    }
  };
}

function explain(error: unknown): ExchangeError {
  if (error instanceof ExecaError && error.code === "ENOENT") {
    return new ExchangeError("POWERSHELL_NOT_FOUND", `There is neither pwsh nor dotnet on this machine. ${advice}`);
  }
  const report = error instanceof ExecaError ? lastLines(`${error.stdout}\n${error.stderr}`) : String(error);
  return new ExchangeError(
    "POWERSHELL_NOT_FOUND",
    `There is no pwsh, and building PowerShell with dotnet failed. ${advice} dotnet said:\n${report}`,
  );
}

function lastLines(text: string): string {
  return text.split("\n").filter(Boolean).slice(-reportLines).join("\n");
}

/** The folder .NET is installed in: `Microsoft.NETCore.App 10.0.12 [/usr/share/dotnet/shared/Microsoft.NETCore.App]`. */
async function findDotnetRoot(dotnet: Dotnet): Promise<string> {
  const runtime = /\[(.+)\]\s*$/m.exec(await dotnet(["--list-runtimes"]))?.[1];
  if (runtime !== undefined) return dirname(dirname(runtime));
  throw new ExchangeError("POWERSHELL_NOT_FOUND", `There is no pwsh, and dotnet has no runtime. ${advice}`);
}

/** Another process may have been faster: what it built is the same. */
async function putInPlace(output: string, target: string): Promise<void> {
  try {
    await rename(output, target);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "EPERM") throw error;
  }
}

/** What builds left behind that were killed. */
async function removeEndedBuilds(builds: string): Promise<void> {
  for (const name of await readdir(builds)) {
    const pid = buildName.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(builds, name), { recursive: true, force: true });
  }
}
