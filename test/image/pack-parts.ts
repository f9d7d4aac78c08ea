import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";

/** What a package from the PowerShell Gallery holds besides, and the image does not. */
const leftOut = [
  "_rels/.rels",
  "package/1.psmdcp",
  "[Content_Types].xml",
  "ExchangeOnlineManagement.nuspec",
  "netFramework/old.dll",
];

/** Packs the tests' PowerShell as it is published: a program called pwsh, with all it needs beside it. */
export function packPowerShell(target: string, folder: string): void {
  const program = realpathSync(process.env.TEST_POWERSHELL_PATH ?? "");
  cpSync(dirname(program), folder, { recursive: true });
  if (basename(program) !== "pwsh") cpSync(program, join(folder, "pwsh"));
  execFileSync("tar", ["-czf", target, "-C", folder, "."]);
}

/** Packs the tests' module as the PowerShell Gallery does, with lines of PowerShell before its own where some are given. */
export function packModule(target: string, folder: string, lines = ""): void {
  for (const place of [folder, target]) rmSync(place, { recursive: true, force: true });
  cpSync(dirname(realpathSync(process.env.TEST_EXCHANGE_MODULE_PATH ?? "")), folder, { recursive: true });
  for (const file of leftOut) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), "not for the image");
  }
  const script = join(folder, "ExchangeOnlineManagement.psm1");
  writeFileSync(script, `${lines}\n${readFileSync(script, "utf8")}`);
  execFileSync("zip", ["-qr", target, "."], { cwd: folder });
}

/** The build arguments that put a file of the context's folder parts/ in the place of what versions.json names. */
export function argumentsFor(part: "POWERSHELL" | "MODULE", file: string): Record<string, string> {
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  return { [`${part}_URL`]: `file:///parts/${basename(file)}`, [`${part}_SHA256`]: sha256 };
}
