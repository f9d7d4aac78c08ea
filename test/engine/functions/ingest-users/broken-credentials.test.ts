import process from "node:process";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type Gateway, startGateway } from "#test/support/gateway";

let gateway: Gateway;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  gateway = await startGateway({ tenant: generateTenant({ users: 3, groups: 0, seed: 1 }) });
  environment = { ...process.env };
});

afterEach(async () => {
  await gateway.closeSession();
  Object.assign(process.env, environment);
});

afterAll(() => gateway.stop());

test("publishes as soon as the secret and then the roles are mended, without a restart", async () => {
  gateway.exchange.app.hasDirectoryRole = false;
  gateway.replaceSecret(JSON.stringify({ ...gateway.exchange.secret, certificate_password: "not this one" }));
  await expect(gateway.ingestUsers()).rejects.toMatchObject({ code: "CERTIFICATE_PASSWORD_WRONG" });

  gateway.replaceSecret(JSON.stringify(await gateway.exchange.app.issueSecret()));
  await expect(gateway.ingestUsers()).rejects.toMatchObject({ code: "DIRECTORY_ROLE_MISSING" });

  gateway.exchange.app.hasDirectoryRole = true;
  expect(await gateway.ingestUsers()).toMatchObject({ status: "published", rows: 3 });
});

test("publishes with the version of the secret before, where the current one cannot be used", async () => {
  gateway.replaceSecret(JSON.stringify(await gateway.exchange.app.issueSecret({ isRegistered: false })));

  expect(await gateway.ingestUsers()).toMatchObject({ status: "published", rows: 3 });
});

test("says that there is no such secret", async () => {
  process.env.GATEWAY_SECRET_ID = "another";

  await expect(gateway.ingestUsers()).rejects.toMatchObject({ code: "SECRET_NOT_FOUND" });
});

test.each(["GATEWAY_BUCKET", "GATEWAY_SECRET_ID"])("names the missing variable %s", async (name) => {
  delete process.env[name];

  await expect(gateway.ingestUsers()).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    message: expect.stringContaining(name),
  });
});

test.each([{ scheduledTime: "yesterday" }, { dryrun: true }, { dryRun: "yes" }])(
  "refuses the event %j",
  async (event) => {
    await expect(gateway.ingestUsers(event)).rejects.toMatchObject({ code: "EVENT_INVALID" });
  },
);
