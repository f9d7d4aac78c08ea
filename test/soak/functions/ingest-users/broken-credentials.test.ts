import process from "node:process";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { brokenStates } from "#test/support/broken-states";
import { type Gateway, startGateway } from "#test/support/gateway";

let gateway: Gateway;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  gateway = await startGateway({ tenant: generateTenant({ users: 3, groups: 1, seed: 1 }) });
  environment = { ...process.env };
});

afterEach(async () => {
  const { exchange, secretsManager } = gateway;
  await gateway.closeSession();
  exchange.faults.clear();
  secretsManager.faults.clear();
  Object.assign(exchange.app, { hasAppRole: true, hasDirectoryRole: true, rights: {} });
  Object.assign(process.env, environment);
  gateway.replaceSecret(JSON.stringify(exchange.secret));
});

afterAll(() => gateway.stop());

test.each(brokenStates.filter(({ failsIngestion }) => failsIngestion))(
  "an ingestion says what to fix when $trouble, and publishes nothing",
  async (state) => {
    await state.arrange(gateway);

    const run = gateway.ingestUsers();

    await expect(run).rejects.toMatchObject({ code: state.code, retryable: state.code === "CLOCK_WRONG" });
    await expect(run).rejects.toThrow(state.fix);
    expect(gateway.readLatest()?.published ?? null).toBeNull();
  },
);
