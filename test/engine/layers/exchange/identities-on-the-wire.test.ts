import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createExchangeClient, type ExchangeClient, type ReadOptions } from "#exchange/client";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";
import { parseCredential } from "#exchange/credential/credential";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { awkwardText } from "#test/support/awkward-text";
import { runs } from "#test/support/runs";
import { seed } from "#test/support/seed";

const folder = mkdtempSync(join(tmpdir(), "identities-test-"));

let exchange: LocalExchange;
let client: ExchangeClient;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 10, groups: 2, seed: 1 }) });
  writeFileSync(join(folder, "ca.pem"), exchange.caCertificate);
  process.env.HTTPS_PROXY = exchange.proxy;
  process.env.SSL_CERT_FILE = join(folder, "ca.pem");
  client = createExchangeClient({
    powershellPath: process.env.TEST_POWERSHELL_PATH ?? "pwsh",
    modulePath: process.env.TEST_EXCHANGE_MODULE_PATH || null,
    environmentName: "O365Default",
    readCredential: async () => parseCredential(JSON.stringify(exchange.secret), "O365Default"),
    maxCalls: 10_000,
  });
});

afterAll(async () => {
  await client.close();
  await exchange.stop();
  rmSync(folder, { recursive: true, force: true });
});

const identity = awkwardText.filter((text) => !/^[\s\u0085]*$/u.test(text));

type Read = (Identity: string, options: ReadOptions) => AsyncIterable<{ ok: boolean }>;

const reads: { name: string; read: Read }[] = [
  { name: "Get-User", read: (Identity, options) => client.read(getUser, { Identity }, options) },
  { name: "Get-EXORecipient", read: (Identity, options) => client.read(getExoRecipient, { Identity }, options) },
];

test.each(reads)("hands any identity to $name unchanged", async ({ name, read }) => {
  await fc.assert(
    fc.asyncProperty(identity, async (Identity) => {
      const before = exchange.requests.length;

      await readToItsEnd(read, Identity);

      const asked = exchange.requests.slice(before).filter((request) => request.cmdlet === name);
      expect(asked.map((request) => request.parameters.Identity)).toEqual([Identity]);
    }),
    { numRuns: runs(30, 300), seed: seed() },
  );
});

test.each(["", " \n\t", "\ud800", "a\udc00b"])("sends nothing for the identity %j", async (Identity) => {
  const before = exchange.requests.length;

  for (const { read } of reads) {
    await expect(readToItsEnd(read, Identity)).rejects.toMatchObject({ code: "IDENTITY_INVALID" });
  }

  expect(exchange.requests.length).toBe(before);
});

/** Whether somebody is found is not what is asked here: a wildcard finds, most find nobody. */
async function readToItsEnd(read: Read, identity: string): Promise<void> {
  try {
    for await (const row of read(identity, { deadline: deadlineIn(100_000) })) expect(row.ok).toBe(true);
  } catch (error) {
    if (!(error instanceof ExchangeError && ["OBJECT_NOT_FOUND", "OBJECT_AMBIGUOUS"].includes(error.code))) throw error;
  }
}
