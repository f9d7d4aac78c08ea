import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { environmentsFolder } from "#local/environment/environment";
import { generateTenant } from "#local/exchange/tenant/generate";
import { startCommand } from "#test/support/command";
import { type Gateway, startGateway } from "#test/support/gateway";
import { root } from "#test/support/repository";
import { lookIsOver, needlesOf, searchWhileRunning } from "#test/support/secret-search";

const folder = mkdtempSync(join(tmpdir(), "validate-test-"));
const secretFile = join(folder, "tenant.json");

const modulePath = putModule();

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({ tenant: generateTenant({ users: 3, groups: 1, seed: 1 }), beforeAnswer: lookIsOver });
});

afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  { what: "a credential that works", changes: {}, words: ["--json"], exitCode: 0 },
  { what: "one that does not", changes: { certificate_password: "not this one 4711" }, words: [], exitCode: 1 },
])(
  "validating $what shows no password, key or token anywhere but in the given file",
  async ({ changes, words, exitCode }) => {
    const { secret, proxy } = gateway.exchange;
    const given = { ...secret, ...changes };
    writeFileSync(secretFile, JSON.stringify(given));
    const password = { name: "given password", value: given.certificate_password };

    vi.stubEnv("EXCHANGE_MODULE_PATH", modulePath);
    const run = startCommand("validate", "--secret", secretFile, ...words);
    const { found, looks, sawPowerShell, output } = await searchWhileRunning(run, {
      needles: [...needlesOf(secret), password],
      proxy,
      folders: [environmentsFolder, gateway.folder, gateway.bucketFolder],
    });

    expect(run.exitCode).toBe(exitCode);
    expect(output).toContain("certificate password");
    expect([looks > 5, sawPowerShell]).toEqual([true, true]);
    expect(found).toEqual([]);
  },
);

/** The stand-in without its label, for the command lets no other module than the genuine one at a tenant that may be real. */
function putModule(): string {
  const file = "ExchangeOnlineManagement.psd1";
  const standIn = join(root, "local", "powershell", "ExchangeOnlineManagement");
  const manifest = readFileSync(join(standIn, file), "utf8");
  writeFileSync(
    join(folder, file),
    manifest.replace("RootModule        = '", `$&${standIn}/`).replace("Prerelease = 'stand-in'", ""),
  );
  return join(folder, file);
}
