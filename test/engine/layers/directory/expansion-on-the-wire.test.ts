import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { beginExpansion, Expansion } from "#directory/expansion";
import { createMemberSource } from "#directory/members";
import { createExchangeClient, type ExchangeClient } from "#exchange/client";
import { parseCredential } from "#exchange/credential/credential";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import { deadlineIn } from "#runtime/deadline";
import { createAttempts } from "#runtime/retry";

const folder = mkdtempSync(join(tmpdir(), "expansion-test-"));
const before = { ...process.env };

let exchange: LocalExchange;
let client: ExchangeClient;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 1_500, groups: 100, seed: 3 }) });
  writeFileSync(join(folder, "ca.pem"), exchange.caCertificate);
  Object.assign(process.env, { HTTPS_PROXY: exchange.proxy, SSL_CERT_FILE: join(folder, "ca.pem") });
  client = createExchangeClient({
    powershellPath: process.env.TEST_POWERSHELL_PATH ?? "pwsh",
    modulePath: process.env.TEST_EXCHANGE_MODULE_PATH || null,
    environmentName: "O365Default",
    readCredential: async () => parseCredential(JSON.stringify(exchange.secret), "O365Default"),
  });
});

afterAll(async () => {
  await client.close();
  await exchange.stop();
  for (const name of ["HTTPS_PROXY", "SSL_CERT_FILE"]) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(folder, { recursive: true, force: true });
});

test("finds everybody in a company's lists, asking Exchange once for each list", async () => {
  const root = largestGroup();
  const { id, everybody, groups } = reach(root);
  const deadline = deadlineIn(100_000);
  const attempts = createAttempts([], new AbortController().signal);
  const expansion = new Expansion(
    beginExpansion({ id, name: root.name, address: root.primarySmtpAddress, type: root.recipientTypeDetails }),
  );

  const source = createMemberSource(client, { deadline, attempts });
  const found = await Array.fromAsync(expansion.readAll(source, { deadline }));

  const asked = exchange.requests.filter(({ cmdlet }) => cmdlet === "Get-DistributionGroupMember");
  expect(found.map(({ member }) => member.id).sort()).toEqual(everybody);
  expect(asked.map(({ parameters }) => parameters.Identity).sort()).toEqual(groups);
  expect(expansion.cycles.length).toBeGreaterThan(0);
  expect(groups.length).toBeGreaterThan(30);
});

function largestGroup(): DirectoryRecord {
  const groups = exchange.tenant.records.filter(({ group }) => group !== undefined);
  return groups.reduce((one, other) => (reach(one).everybody.length >= reach(other).everybody.length ? one : other));
}

/** Ids of who is in a group, directly or not, and of the lists in it and itself. */
function reach(root: DirectoryRecord) {
  const reached = new Set<DirectoryRecord>([root]);
  for (const record of reached) for (const member of record.group?.members ?? []) reached.add(member);
  const records = [...reached];
  const isList = ({ recipientTypeDetails }: DirectoryRecord) => /^Mail.*Group$|RoomList/.test(recipientTypeDetails);
  const idsOf = (those: DirectoryRecord[]) => those.map(({ guid }) => guid).sort();
  return { id: root.guid, everybody: idsOf(records.slice(1)), groups: idsOf(records.filter(isList)) };
}
