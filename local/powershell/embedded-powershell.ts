import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { buildEmbeddedPowerShell } from "#local/powershell/build-embedded-powershell";
import { printError } from "#local/print/print";

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
