import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Fault } from "#local/exchange/faults";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { Tenant } from "#local/exchange/tenant/tenant";
import { type AppClient, createAppClient } from "#test/support/app-client";
import { eventually } from "#test/support/eventually";

/** Counts how often its objects are listed. */
class WatchedTenant extends Tenant {
  reads = 0;

  override get records() {
    this.reads += 1;
    return super.records;
  }
}

let exchange: LocalExchange;
let client: AppClient;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 120, groups: 5, seed: 8 }) });
  client = createAppClient(exchange);
});

afterEach(() => exchange.faults.clear());

afterAll(() => exchange.stop());

test.each<{ fault: Fault; status: number; body: unknown; headers?: object }>([
  {
    fault: { name: "throttle", value: 7 },
    status: 429,
    body: errorWith(
      "You have reached the maximum number of concurrent requests per tenant. Please wait and try again.",
    ),
    headers: { "retry-after": "7" },
  },
  { fault: { name: "unavailable" }, status: 503, body: errorWith(expect.any(String)) },
  { fault: { name: "gateway-timeout" }, status: 504, body: errorWith(expect.any(String)) },
  {
    fault: { name: "transient" },
    status: 500,
    body: errorWith(expect.stringMatching(/^\|Microsoft\.Exchange\.Data\.Directory\.ADTransientException\|/)),
    headers: { "x-exceptiontype": "ADTransientException" },
  },
  {
    fault: { name: "transient", value: "Microsoft.Exchange.Data.Storage.StorageTransientException" },
    status: 500,
    body: errorWith(expect.stringMatching(/^\|Microsoft\.Exchange\.Data\.Storage\.StorageTransientException\|/)),
    headers: { "x-exceptiontype": "StorageTransientException" },
  },
  {
    fault: { name: "directory-write" },
    status: 400,
    body: errorWith(
      expect.stringMatching(
        /^\|Microsoft\.Exchange\.Configuration\.DualWrite\.LocStrings\.UnableToWriteToAadException\|An Azure Active Directory call/,
      ),
    ),
    headers: { "x-exceptiontype": "UnableToWriteToAadException" },
  },
  {
    fault: { name: "directory-write", value: "Insufficient privileges, and more." },
    status: 400,
    body: errorWith(
      expect.stringContaining("Detailed error message: \n\tInsufficient privileges, and more. DualWrite"),
    ),
  },
  {
    fault: { name: "write-scope" },
    status: 400,
    body: errorWith(expect.stringContaining("isn't within your current write scopes")),
    headers: { "x-exceptiontype": "ADScopeException" },
  },
  { fault: { name: "not-found" }, status: 404, body: errorWith(expect.any(String)) },
  { fault: { name: "empty-error" }, status: 500, body: undefined },
  { fault: { name: "empty-error", value: 502 }, status: 502, body: undefined },
  { fault: { name: "nul-403" }, status: 403, body: undefined, headers: { "content-encoding": "gzip" } },
  { fault: { name: "malformed" }, status: 200, body: undefined },
])("answers as the fault $fault.name says, $fault.value", async ({ fault, status, body, headers = {} }) => {
  exchange.faults.add(fault);

  const invoked = await client.invoke("Get-User", { ResultSize: 10 });
  const queried = await client.recipients("$select=Guid");

  for (const answer of [invoked, queried]) {
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual(body);
    expect(answer.headers).toMatchObject({ "request-id": expect.any(String), ...headers });
  }
});

test("resets the connection", async () => {
  exchange.faults.add({ name: "reset", times: 1 });

  await expect(client.invoke("Get-User")).rejects.toMatchObject({ code: "ECONNRESET" });
  expect((await client.invoke("Get-User")).status).toBe(200);
});

test("never answers while it hangs, and is seen in the log", async () => {
  exchange.faults.add({ name: "hang", path: "/Recipient" });

  const answer = client.recipients("$select=Guid").catch(() => "ended");

  await eventually(() => exchange.requests.at(-1)?.cmdlet === "Get-EXORecipient");
  expect(await Promise.race([answer, after(300)])).toBe("silence");
  expect(exchange.requests.at(-1)).toMatchObject({ cmdlet: "Get-EXORecipient", status: undefined });
});

test("answers slowly", async () => {
  await client.invoke("Get-User", { ResultSize: 1 });
  exchange.faults.add({ name: "slow", value: 300 });
  const startedAt = performance.now();

  await client.invoke("Get-User", { ResultSize: 1 });

  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
});

test("delays every answer by what it was started with", async () => {
  const slow = await startExchange({ tenant: exchange.tenant, delayMs: 150 });
  const startedAt = performance.now();

  const answer = await createAppClient(slow).requestToken();

  expect(answer.status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(145);
  await slow.stop();
});

test.each<{ fault: Fault; status: number; says: RegExp }>([
  { fault: { name: "expired-token" }, status: 401, says: /error="invalid_token"/ },
  { fault: { name: "no-app-role" }, status: 401, says: /error="invalid_token"/ },
  { fault: { name: "no-directory-role" }, status: 403, says: /^$/ },
])("refuses everything with $status for $fault.name", async ({ fault, status, says }) => {
  exchange.faults.add(fault);

  const answers = [
    await client.send(`/AdminApi/v1.0/${exchange.tenant.id}/EXOModuleFile`),
    await client.send(`${client.base}/basicinfo('AdminApiState')`),
    await client.invoke("Get-User"),
    await client.recipients("$select=Guid"),
  ];

  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => status));
  for (const { headers } of answers) expect(headers["www-authenticate"] ?? "").toMatch(says);
});

test("challenges with claims until a token is used that was asked for with them", async () => {
  exchange.faults.add({ name: "claims-challenge" });
  const challenged = await client.invoke("Get-User", { ResultSize: 1 });
  const [, encoded = ""] = /claims="([^"]+)"/.exec(challenged.headers["www-authenticate"] ?? "") ?? [];
  const claims = Buffer.from(encoded, "base64").toString();

  const { access_token: token } = (await client.requestToken({ form: { claims } })).json;
  const satisfied = await client.invoke(
    "Get-User",
    { ResultSize: 1 },
    { headers: { authorization: `Bearer ${token}` } },
  );

  expect(challenged.status).toBe(401);
  expect(JSON.parse(claims)).toMatchObject({ access_token: { nbf: { essential: true } } });
  expect(satisfied.status).toBe(200);
});

test("refuses sign-ins with the number asked for", async () => {
  exchange.faults.add({ name: "sign-in-refusal", value: 90033, times: 1 });

  const refused = await client.requestToken();
  const issued = await client.requestToken();

  expect(refused).toMatchObject({ status: 503, json: { error_codes: [90033] } });
  expect(issued.status).toBe(200);
});

test("throttles sign-ins when told to", async () => {
  exchange.faults.add({ name: "throttle", path: "/token" });

  expect((await client.requestToken()).status).toBe(429);
  expect((await client.invoke("Get-User", { ResultSize: 1 })).status).toBe(200);
});

test("cuts a list at a page's end without a sign of it", async () => {
  exchange.faults.add({ name: "cut-list" });

  const { json } = await client.recipients("$select=Guid", { prefer: "odata.maxpagesize=50;" });

  expect(json.value).toHaveLength(50);
  expect(json["@odata.nextLink"]).toBeUndefined();
});

test("answers pages twice, and all of them in the end", async () => {
  const whole = await client.recipients("$select=Guid");
  exchange.faults.add({ name: "repeat-page" });

  const pages = await readRecipientPages(50);

  const all = whole.json.value.map((row: { Guid: string }) => row.Guid);
  expect(pages.length).toBeGreaterThan(3);
  expect(pages[1]).toEqual(pages[0]);
  expect(pages[3]).toEqual(pages[2]);
  expect([...new Set(pages.flat())]).toEqual(all);
});

test("leaves rows out of lists, but finds them by their identity", async () => {
  const whole = await client.recipients("$select=Guid");
  exchange.faults.add({ name: "short-list", value: 3 });

  const short = await client.recipients("$select=Guid");

  const missing = guidsOf(whole).filter((guid) => !guidsOf(short).includes(guid));
  expect(missing).toHaveLength(3);
  const found = await client.recipients("$select=Guid&ReadIdsAndParamsFromHeaders=True", {
    "XParameter-Identity": Buffer.from(missing[0] ?? "").toString("base64"),
  });
  expect(guidsOf(found)).toEqual([missing[0]]);
});

test("adds a warning to a cmdlet's answer", async () => {
  exchange.faults.add({ name: "warning", value: "Something is odd." });

  const { json } = await client.invoke("Get-User", { ResultSize: "Unlimited" });

  expect(json["@adminapi.warnings"]).toEqual(["Something is odd."]);
});

test("carries a call out and loses its answer where told to", async () => {
  const tenant = new WatchedTenant({
    id: randomUUID(),
    address: exchange.tenant.address,
    acceptedDomains: [exchange.tenant.domain],
    seed: 1,
  });
  const losing = await startExchange({ tenant });
  const itsClient = createAppClient(losing);
  await itsClient.invoke("Get-User");
  const before = tenant.reads;

  losing.faults.add({ name: "gateway-timeout", times: 1 });
  const withheld = await itsClient.invoke("Get-User");
  const afterWithheld = tenant.reads;
  losing.faults.add({ name: "gateway-timeout", times: 1, isCarriedOut: true });
  const lost = await itsClient.invoke("Get-User");

  expect([withheld.status, lost.status]).toEqual([504, 504]);
  expect(afterWithheld).toBe(before);
  expect(tenant.reads).toBeGreaterThan(before);
  await losing.stop();
});

test("can be switched on before the first request", async () => {
  const broken = await startExchange({ tenant: exchange.tenant, faults: [{ name: "unavailable", path: "/token" }] });

  const answer = await createAppClient(broken).requestToken();

  expect(answer.status).toBe(503);
  await broken.stop();
});

function errorWith(message: unknown) {
  return expect.objectContaining({
    error: expect.objectContaining({
      message: expect.any(String),
      details: [{ code: "Context", target: "", message }],
    }),
  });
}

async function readRecipientPages(size: number): Promise<string[][]> {
  const pages: string[][] = [];
  let link: string | undefined = `${client.base}/Recipient?$select=Guid`;
  while (link !== undefined) {
    const answer = await client.send(link, { headers: { prefer: `odata.maxpagesize=${size};` } });
    pages.push(guidsOf(answer));
    link = answer.json["@odata.nextLink"];
  }
  return pages;
}

function guidsOf({ json }: { json: { value: { Guid: string }[] } }): string[] {
  return json.value.map((row) => row.Guid);
}

function after(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve("silence"), ms));
}
