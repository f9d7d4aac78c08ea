import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { buildEngine } from "#local/powershell/build-engine";

const sourceFolder = join(import.meta.dirname, "engine");
const sources = ["engine.csproj", "Program.cs"];
const enginesFolder = join(import.meta.dirname, "..", "..", ".local", "engine");
const program = process.platform === "win32" ? "powershell-engine.exe" : "powershell-engine";

export type EngineOptions = {
  /** Where engines are kept. The repository's own ignored folder by default. */
  folder?: string;
  environment?: NodeJS.ProcessEnv;
  /** Called with a sentence for people before a build. By default it is written to standard error. */
  onProgress?: (text: string) => void;
};

const underWay = new Map<string, Promise<string>>();

/**
 * The path of the bare PowerShell engine: System.Management.Automation from NuGet in a small host. Builds it with the
 * .NET SDK where that has not been done yet, which takes some 20 seconds. Throws `POWERSHELL_NOT_FOUND` where it cannot.
 */
export function provideEngine(options: EngineOptions = {}): Promise<string> {
  const { folder = enginesFolder, environment = process.env, onProgress = reportProgress } = options;
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

/** The version of PowerShell whose engine it is. */
export function engineVersion(): string {
  const project = readFileSync(join(sourceFolder, "engine.csproj"), "utf8");
  return /System\.Management\.Automation" Version="\[([\d.]+)\]"/.exec(project)?.[1] ?? "of unknown version";
}

async function provide(
  target: string,
  environment: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<string> {
  const path = join(target, program);
  if (!(await isThere(path))) {
    onProgress(
      "PowerShell is not installed: building its engine from NuGet. This is done once and takes some 20 seconds.",
    );
    await buildEngine({ project: join(sourceFolder, "engine.csproj"), target, environment });
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

function reportProgress(text: string): void {
  process.stderr.write(`${text}\n`);
}
