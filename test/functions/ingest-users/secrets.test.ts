import { createPrivateKey } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import forge from "node-forge";
import { expect, test } from "vitest";
import { startCommand, startLocal } from "#test/support/command";

const root = join(import.meta.dirname, "..", "..", "..");

test("a run shows no password, key or token to the process list, an environment, a log or the disk", {
  timeout: 60_000,
}, async () => {
  const local = await startLocal("--users", "4000", "--delay", "150");
  const { secretFile, proxy } = local.address.exchange;
  const secret = JSON.parse(readFileSync(secretFile, "utf8"));
  const secrets = needlesOf(secret);

  const invocation = startCommand("invoke", "ingest-users", "--json");
  let output = "";
  for (const stream of [invocation.stdout, invocation.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise((resolve) => invocation.once("close", resolve));
  let looks = 0;
  let sawPowerShell = false;
  const found: string[] = [];
  while (invocation.exitCode === null) {
    const processes = readProcesses(proxy);
    sawPowerShell ||= processes.some(({ text }) => text.includes("worker.ps1"));
    const files = readFiles(temporaryFolders()).concat(readFiles([join(root, ".local", "environments")], secretFile));
    for (const { name, text } of [...processes, ...files]) {
      found.push(...secrets.filter(({ value }) => text.includes(value)).map((needle) => `${needle.name} in ${name}`));
    }
    looks += 1;
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  await ended;
  await local.stop();

  expect(output).toContain('"status":"published"');
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

function readFiles(folders: string[], except?: string) {
  return folders.flatMap((folder) =>
    list(folder)
      .filter((path) => path !== except)
      .map((path) => ({ name: path, text: readText(path) })),
  );
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
