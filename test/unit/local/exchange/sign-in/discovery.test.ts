import { createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type AppClient, createAppClient } from "#test/support/app-client";

const signIn = "https://login.microsoftonline.com";

let exchange: LocalExchange;
let client: AppClient;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 1, groups: 0, seed: 1 }) });
  client = createAppClient(exchange);
});

afterAll(() => exchange.stop());

test("names the hosts of the cloud and where the organization's document is", async () => {
  const endpoint = encodeURIComponent(`${signIn}/contoso1.onmicrosoft.com/oauth2/v2.0/authorize`);

  const answer = await client.http.send(
    `${signIn}/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}`,
  );

  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({
    tenant_discovery_endpoint: `${signIn}/contoso1.onmicrosoft.com/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [
      {
        preferred_network: "login.microsoftonline.com",
        preferred_cache: "login.windows.net",
        aliases: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
      },
    ],
  });
});

test("knows no instance of another cloud", async () => {
  const answer = await client.http.send(
    `${signIn}/common/discovery/instance?authorization_endpoint=https://login.example.com/x/oauth2/v2.0/authorize`,
  );

  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ error: "invalid_instance", error_codes: [50049] });
});

test("describes the tenant's endpoints, and the keys that tokens are signed with", async () => {
  const { tenant } = exchange;
  const document = await client.http.send(`${signIn}/${tenant.domain}/v2.0/.well-known/openid-configuration`);
  const keys = await client.http.send(document.json.jwks_uri);

  const token = (await client.requestToken()).json.access_token;

  const [header, claims, signature] = token.split(".");
  const { kid } = JSON.parse(Buffer.from(header, "base64url").toString());
  const key = keys.json.keys.find((each: { kid: string }) => each.kid === kid);
  expect(document.json).toMatchObject({
    issuer: `${signIn}/${tenant.id}/v2.0`,
    token_endpoint: `${signIn}/${tenant.domain}/oauth2/v2.0/token`,
  });
  expect(
    verify(
      "sha256",
      Buffer.from(`${header}.${claims}`),
      createPublicKey({ key, format: "jwk" }),
      Buffer.from(signature, "base64url"),
    ),
  ).toBe(true);
});

test("has no document for a tenant that is not there, and nothing elsewhere", async () => {
  const unknown = await client.http.send(`${signIn}/fabrikam.onmicrosoft.com/v2.0/.well-known/openid-configuration`);
  const elsewhere = await client.http.send(`${signIn}/common/oauth2/devicecode`);

  expect(unknown.json.error_codes).toEqual([90002]);
  expect(elsewhere.status).toBe(404);
});
