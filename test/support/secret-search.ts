import type { ChildProcessByStdio } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import forge from "node-forge";
import type { Secret } from "#local/exchange/app-registration";

type Needle = { name: string; value: string };
type Options = {
  needles: readonly Needle[];
  /** What every process of interest has in its environment. */
  proxy: string;
  /** Where they may write, beside PowerShell's own temporary folders. */
  folders: readonly string[];
};

/** Texts that give a credential away, wherever they stand. A token and an assertion begin as every JWT. */
export function needlesOf({ certificate, certificate_password }: Secret): Needle[] {
  return [
    { name: "password", value: certificate_password },
    // In the encrypted key: what comes before is much the same in every PFX of a kind.
    { name: "PFX", value: certificate.slice(-300, -240) },
    { name: "private key", value: privateExponentOf(certificate, certificate_password).slice(0, 40) },
    { name: "token", value: Buffer.from('{"alg":').toString("base64").slice(0, 9) },
    { name: "token", value: Buffer.from('{"typ":').toString("base64").slice(0, 9) },
  ];
}

/** Waits for a look that begins from now on, where somebody searches; else for nothing. */
export const lookIsOver = async (): Promise<void> => next?.promise;

let next: PromiseWithResolvers<void> | undefined;

/**
 * Looks for the needles as long as a process runs: in command lines and environments, in files, and in what it prints.
 * `found` names each one and its place; `looks` and `sawPowerShell` tell whether there was something to look at: there is
 * where Exchange answers PowerShell after `lookIsOver` alone.
 */
export async function searchWhileRunning(
  child: ChildProcessByStdio<null, Readable, Readable>,
  { needles, proxy, folders }: Options,
) {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = once(child, "close");
  const found = new Set<string>();
  const look = (places: readonly { name: string; text: string }[]) => {
    for (const { name, text } of places) {
      for (const needle of needles) if (text.includes(needle.value)) found.add(`${needle.name} in ${name}`);
    }
  };
  let looks = 0;
  let sawPowerShell = false;
  next = Promise.withResolvers();
  while (child.exitCode === null) {
    const waiting = next;
    next = Promise.withResolvers();
    const processes = readProcesses(proxy);
    sawPowerShell ||= processes.some(({ text }) => text.includes("worker.ps1"));
    look([...processes, ...readFiles([...temporaryFolders(), ...folders])]);
    looks += 1;
    waiting.resolve();
    await Promise.race([ended, delay(100)]);
  }
  next.resolve();
  next = undefined;
  await ended;
  look([{ name: "output", text: output }, ...readFiles(folders)]);
  return { found: [...found], looks, sawPowerShell, output };
}

function privateExponentOf(certificate: string, password: string): string {
  const pfx = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(forge.util.decode64(certificate)), password);
  const bags = pfx.getBags({ bagType: forge.pki.oids.pkcs8ShroudedKeyBag ?? "" });
  const key = Object.values(bags).flat()[0]?.key;
  if (!key) throw new Error("The secret's PFX holds no key.");
  return String(createPrivateKey(forge.pki.privateKeyToPem(key)).export({ format: "jwk" }).d);
}

/** Command line and environment of every process of the environment. */
function readProcesses(proxy: string) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      name: `process ${pid}`,
      text: readText(`/proc/${pid}/cmdline`) + readText(`/proc/${pid}/environ`),
    }))
    .filter(({ text }) => text.includes(proxy));
}

/** Where PowerShell may write. */
function temporaryFolders(): string[] {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith("exchange-online-gateway-"));
  return names.map((name) => join(tmpdir(), name));
}

function readFiles(folders: readonly string[]) {
  return folders.flatMap((folder) => list(folder).map((path) => ({ name: path, text: readText(path) })));
}

function list(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return []; // it has been removed meanwhile
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // it has ended or been removed meanwhile
  }
}
