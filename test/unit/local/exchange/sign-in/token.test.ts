import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type AppClient, createAppClient, type TokenRequest } from "#test/support/app-client";

const now = () => Math.floor(Date.now() / 1000);
const dayMs = 24 * 3_600_000;

let exchange: LocalExchange;
let client: AppClient;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 1, groups: 0, seed: 1 }) });
  client = createAppClient(exchange);
});

afterAll(() => exchange.stop());

test.each<{ how: string; request: TokenRequest }>([
  { how: "PS256 with the SHA-256 thumbprint", request: { algorithm: "PS256" } },
  { how: "RS256 with the SHA-1 thumbprint", request: { algorithm: "RS256" } },
  { how: "times as numbers", request: { claims: { nbf: now(), exp: now() + 600 } } },
  { how: "a clock four minutes ahead", request: { claims: { nbf: now() + 240, exp: now() + 840 } } },
])("issues a token for an assertion with $how", async ({ request }) => {
  const answer = await client.requestToken(request);

  expect(answer.status).toBe(200);
  expect(Object.keys(answer.json)).toEqual(["token_type", "expires_in", "ext_expires_in", "access_token"]);
  expect(answer.json).toMatchObject({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599 });
});

test("takes the tenant's id and its domains as organization", async () => {
  const { id, acceptedDomains } = exchange.tenant;

  const answers = await Promise.all(
    [id, id.toUpperCase(), ...acceptedDomains].map((organization) => client.requestToken({ organization })),
  );

  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
});

test("puts into the token what Exchange and the module look for", async () => {
  const answer = await client.requestToken();

  const claims = JSON.parse(Buffer.from(answer.json.access_token.split(".")[1], "base64url").toString());
  const { id } = exchange.tenant;
  expect(claims).toMatchObject({
    aud: "https://outlook.office365.com",
    iss: `https://sts.windows.net/${id}/`,
    appid: exchange.app.appId,
    appidacr: "2",
    oid: exchange.app.servicePrincipalId,
    tid: id,
    roles: ["Exchange.ManageAsApp"],
  });
  expect(claims.wids).toContain("29232cdf-9323-42fd-ade2-1d097af3e4de");
  expect(claims.exp).toBeGreaterThan(now() + 3500);
});

test("answers a refusal in Entra ID's form, with the client's own request id", async () => {
  const requestId = randomUUID();

  const answer = await client.http.send("https://login.microsoftonline.com/fabrikam.com/oauth2/v2.0/token", {
    method: "POST",
    headers: { "client-request-id": requestId },
    body: "grant_type=client_credentials",
  });

  expect(Object.keys(answer.json)).toEqual([
    "error",
    "error_description",
    "error_codes",
    "timestamp",
    "trace_id",
    "correlation_id",
    "error_uri",
  ]);
  expect(answer.json).toMatchObject({
    error: "invalid_request",
    error_codes: [90002],
    correlation_id: requestId,
    error_uri: "https://login.microsoftonline.com/error?code=90002",
  });
  expect(answer.json.error_description).toMatch(
    new RegExp(
      `^AADSTS90002: Tenant 'fabrikam\\.com' not found\\. .* Trace ID: ${answer.json.trace_id} Correlation ID: ${requestId} Timestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ$`,
    ),
  );
});

const unknownApp = randomUUID();

test.each<{ what: string; request: TokenRequest; status: number; error: string; code: number }>([
  {
    what: "an unknown tenant",
    request: { organization: "fabrikam.com" },
    status: 400,
    error: "invalid_request",
    code: 90002,
  },
  {
    what: "an unknown tenant's id",
    request: { organization: randomUUID() },
    status: 400,
    error: "invalid_request",
    code: 90002,
  },
  {
    what: "what is no tenant's name",
    request: { organization: "contoso" },
    status: 400,
    error: "invalid_request",
    code: 900023,
  },
  {
    what: "an unknown app",
    request: { form: { client_id: unknownApp }, claims: { iss: unknownApp, sub: unknownApp } },
    status: 400,
    error: "unauthorized_client",
    code: 700016,
  },
  {
    what: "another app's assertion",
    request: { claims: { iss: unknownApp, sub: unknownApp } },
    status: 401,
    error: "invalid_client",
    code: 700021,
  },
  {
    what: "an issuer that is not the subject",
    request: { claims: { iss: unknownApp } },
    status: 401,
    error: "invalid_client",
    code: 50048,
  },
  {
    what: "another audience",
    request: { claims: { aud: "https://login.microsoftonline.com/x/oauth2/v2.0/token" } },
    status: 401,
    error: "invalid_client",
    code: 700023,
  },
  {
    what: "an assertion of yesterday",
    request: { claims: { nbf: now() - 86_400, exp: now() - 85_800 } },
    status: 401,
    error: "invalid_client",
    code: 700024,
  },
  {
    what: "an assertion of tomorrow",
    request: { claims: { nbf: String(now() + 86_400), exp: String(now() + 87_000) } },
    status: 401,
    error: "invalid_client",
    code: 700024,
  },
  {
    what: "an unknown resource",
    request: { form: { scope: "https://graph.example.com/.default" } },
    status: 400,
    error: "invalid_resource",
    code: 500011,
  },
  {
    what: "a scope that is not .default",
    request: { form: { scope: "https://outlook.office365.com/Mail.Read" } },
    status: 400,
    error: "invalid_scope",
    code: 1002012,
  },
  {
    what: "another grant type",
    request: { form: { grant_type: "password" } },
    status: 400,
    error: "unsupported_grant_type",
    code: 70003,
  },
  {
    what: "a missing grant type",
    request: { form: { grant_type: undefined } },
    status: 400,
    error: "invalid_request",
    code: 900144,
  },
  {
    what: "a missing client",
    request: { form: { client_id: undefined } },
    status: 400,
    error: "invalid_request",
    code: 900144,
  },
  {
    what: "a missing scope",
    request: { form: { scope: undefined } },
    status: 400,
    error: "invalid_request",
    code: 900144,
  },
  {
    what: "a missing assertion",
    request: { form: { client_assertion: undefined } },
    status: 401,
    error: "invalid_client",
    code: 7000216,
  },
  {
    what: "another kind of assertion",
    request: { form: { client_assertion_type: "saml" } },
    status: 401,
    error: "invalid_client",
    code: 7000216,
  },
  {
    what: "an assertion that is no JWT",
    request: { form: { client_assertion: "a.b" } },
    status: 400,
    error: "invalid_request",
    code: 50027,
  },
  {
    what: "an assertion without an id",
    request: { claims: { jti: undefined } },
    status: 400,
    error: "invalid_request",
    code: 50027,
  },
  {
    what: "an assertion without an end",
    request: { claims: { exp: undefined } },
    status: 400,
    error: "invalid_request",
    code: 50027,
  },
  {
    what: "an assertion that names no certificate",
    request: { header: { alg: "PS256", typ: "JWT" } },
    status: 400,
    error: "invalid_request",
    code: 50027,
  },
  {
    what: "an assertion that is not signed",
    request: { header: { alg: "none", typ: "JWT" } },
    status: 400,
    error: "invalid_request",
    code: 50027,
  },
  {
    what: "an unknown thumbprint",
    request: { header: { alg: "PS256", "x5t#S256": "AAAA" } },
    status: 401,
    error: "invalid_client",
    code: 700027,
  },
])("refuses $what with $code", async ({ request, status, error, code }) => {
  const answer = await client.requestToken(request);

  expect(answer.status).toBe(status);
  expect(answer.json).toMatchObject({ error, error_codes: [code] });
  expect(answer.json.error_description).toMatch(new RegExp(`^AADSTS${code}: `));
});

test("refuses a certificate that is not registered", async () => {
  const secret = await exchange.app.issueSecret({ isRegistered: false });

  const answer = await client.requestToken({ secret });

  expect(answer.status).toBe(401);
  expect(answer.json).toMatchObject({ error: "invalid_client", error_codes: [700027] });
  expect(answer.json.error_description).toContain("is not registered on application. [Reason - The key was not found.");
});

test("refuses an assertion that another key signed under a registered thumbprint", async () => {
  const secret = await exchange.app.issueSecret({ isRegistered: false });
  const registered = (await client.requestToken()).json;
  const { header } = decodedAssertionOf(exchange);

  const answer = await client.requestToken({ secret, header });

  expect(registered.access_token).toBeDefined();
  expect(answer.status).toBe(401);
  expect(answer.json.error_description).toMatch(/^AADSTS700027: Client assertion contains an invalid signature\./);
});

test("refuses a registered certificate that has expired, or is not valid yet", async () => {
  const expired = await exchange.app.issueSecret({ notAfter: new Date(Date.now() - dayMs / 2) });
  const future = await exchange.app.issueSecret({ notBefore: new Date(Date.now() + dayMs) });

  const answers = await Promise.all([expired, future].map((secret) => client.requestToken({ secret })));

  expect(answers.map(({ status, json }) => ({ status, codes: json.error_codes }))).toEqual([
    { status: 401, codes: [7000222] },
    { status: 401, codes: [700027] },
  ]);
});

test("refuses a registered certificate whose key is shorter than 2048 bits", async () => {
  const secret = await exchange.app.issueSecret({ keyBits: 1024 });

  const answer = await client.requestToken({ secret });

  expect(answer.status).toBe(401);
  expect(answer.json.error_description).toMatch(/^AADSTS700027: RSA key size 1024 is less than the minimum required/);
});

test("says by which clock an assertion is too old", async () => {
  const clock = exchange.faults.add({ name: "clock", value: 3_600 });

  const answer = await client.requestToken();

  exchange.faults.remove(clock);
  expect(answer.json.error_codes).toEqual([700024]);
  expect(answer.json.error_description).toMatch(
    /Current time: \S+, assertion valid from \S+, expiry time of assertion \S+\./,
  );
  expect(Date.parse(answer.headers.date ?? "") - Date.now()).toBeGreaterThan(3_500_000);
});

test("takes POST alone", async () => {
  const answer = await client.http.send(
    `https://login.microsoftonline.com/${exchange.tenant.domain}/oauth2/v2.0/token`,
  );

  expect(answer.status).toBe(400);
  expect(answer.json.error_codes).toEqual([900561]);
});

test("keeps assertions and tokens out of the log", async () => {
  const { access_token: token } = (await client.requestToken()).json;

  const log = JSON.stringify(exchange.requests);

  expect(log).toContain("/oauth2/v2.0/token");
  expect(log).not.toContain(token);
  expect(log).not.toContain("eyJ");
});

function decodedAssertionOf({ secret, app }: LocalExchange): { header: Record<string, unknown> } {
  const certificate = app.certificates[0];
  const sha256 = Buffer.from(certificate?.fingerprint256.replaceAll(":", "") ?? "", "hex").toString("base64url");
  expect(secret.app_id).toBe(app.appId);
  return { header: { alg: "PS256", typ: "JWT", "x5t#S256": sha256 } };
}
