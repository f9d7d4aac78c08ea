import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { createAppClient } from "#test/support/app-client";

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

let exchange: LocalExchange;
let folder: string;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 20, groups: 0, seed: 2 }) });
  folder = mkdtempSync(join(tmpdir(), "exchange-curl-"));
  writeFileSync(join(folder, "ca.pem"), exchange.caCertificate);
});

afterAll(async () => {
  await exchange.stop();
  rmSync(folder, { recursive: true });
});

test.skipIf(!hasCurl)("answers curl with no more than the proxy and the certificate authority", async () => {
  const { access_token: token } = (await createAppClient(exchange).requestToken()).json;

  const answer = await curl([
    "--compressed",
    ...["-H", `Authorization: Bearer ${token}`, "-H", "Content-Type: application/json"],
    ...["-d", '{"CmdletInput":{"CmdletName":"Get-User","Parameters":{"ResultSize":"Unlimited"}}}'],
    `https://outlook.office365.com/adminapi/beta/${exchange.tenant.domain}/InvokeCommand?$select=Guid`,
  ]);

  expect(JSON.parse(answer).value.length).toBeGreaterThanOrEqual(20);
});

test.skipIf(!hasCurl)("is not trusted by curl without the certificate authority", async () => {
  const answer = run("curl", ["-sS", "--proxy", exchange.proxy, "https://login.microsoftonline.com/"]);

  await expect(answer).rejects.toMatchObject({ code: 60 });
});

async function curl(options: string[]): Promise<string> {
  const { stdout } = await run("curl", [
    "-sS",
    "--proxy",
    exchange.proxy,
    "--cacert",
    join(folder, "ca.pem"),
    ...options,
  ]);
  return stdout;
}
