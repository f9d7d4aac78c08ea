import { spawn } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import forge from "node-forge";
import { afterEach, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type Gateway, startGateway } from "#test/support/gateway";

const program = join(import.meta.dirname, "programs", "ingest-users.ts");

let gateway: Gateway;

afterEach(() => gateway.stop());

test("a run shows no password, key or token to the process list, an environment, a log or the disk", {
  timeout: 60_000,
}, async () => {
  const tenant = generateTenant({ users: 1_500, groups: 3, seed: 1 });
  gateway = await startGateway({ tenant, delayMs: 150 });
  const secrets = needlesOf(gateway.exchange.secret);
  const { POWERTOOLS_LOG_LEVEL: _, ...environment } = process.env;

  const run = spawn(process.execPath, [program], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [run.stdout, run.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = once(run, "close");
  let looks = 0;
  let sawPowerShell = false;
  const found: string[] = [];
  while (run.exitCode === null) {
    const processes = readProcesses(gateway.exchange.proxy);
    sawPowerShell ||= processes.some(({ text }) => text.includes("worker.ps1"));
    for (const { name, text } of [...processes, ...readFiles([...temporaryFolders(), gateway.folder])]) {
      found.push(...secrets.filter(({ value }) => text.includes(value)).map((needle) => `${needle.name} in ${name}`));
    }
    looks += 1;
    await Promise.race([ended, delay(100)]);
  }
  await ended;

  expect(gateway.readLatest()?.published).toMatchObject({ rows: 1_500 });
  expect(output).toContain('"message":"started"');
  expect([looks > 5, sawPowerShell]).toEqual([true, true]);
  expect(found).toEqual([]);
  expect(secrets.filter(({ value }) => output.includes(value)).map(({ name }) => name)).toEqual([]);
});

/** Texts that give the credential away, wherever they stand. A token and an assertion begin as every JWT. */
function needlesOf(secret: { certificate: string; certificate_password: string }) {
  const asn1 = forge.asn1.fromDer(forge.util.decode64(secret.certificate));
  const pfx = forge.pkcs12.pkcs12FromAsn1(asn1, secret.certificate_password);
  const bags = pfx.getBags({ bagType: forge.pki.oids.pkcs8ShroudedKeyBag ?? "" });
  const key = Object.values(bags).flat()[0]?.key;
  if (!key) throw new Error("The secret's PFX holds no key.");
  const { d = "" } = createPrivateKey(forge.pki.privateKeyToPem(key)).export({ format: "jwk" });
  return [
    { name: "password", value: secret.certificate_password },
    { name: "certificate", value: secret.certificate.slice(200, 260) },
    { name: "private key", value: String(d).slice(0, 40) },
    { name: "token", value: Buffer.from('{"alg":').toString("base64").slice(0, 9) },
    { name: "token", value: Buffer.from('{"typ":').toString("base64").slice(0, 9) },
  ];
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

function readFiles(folders: string[]) {
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
