import process from "node:process";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { LoggedRequest } from "#local/exchange/request-handler";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { BrokenState } from "#test/support/broken-states";
import { type Gateway, startGateway } from "#test/support/gateway";
import { type Validation, validationSchema } from "#validation/validation";

/** Validates a credential in each of these states through real PowerShell, and looks for the check that failed, its advice and its evidence. */
export function describeBrokenStates(states: readonly BrokenState[]): void {
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
    gateway.remove("snapshots/users/latest.json");
  });

  afterAll(() => gateway.stop());

  test.each(states)("says what to fix when $trouble, and passes nothing that it has not looked at", async (state) => {
    await state.arrange(gateway);
    const requestsBefore = gateway.exchange.requests.length;

    const validation = validationSchema.parse(await gateway.validateCredentials());

    const failed = validation.checks.filter(({ status }) => status === "fail");
    const [first] = failed;
    expect(first).toMatchObject({ name: state.check, code: state.code, fix: expect.stringContaining(state.fix) });
    expect([validation.status, validation.userMessage]).toEqual(["fail", expect.stringContaining(state.check)]);
    expectSkippedBecauseOf(
      failed.map(({ name }) => name),
      validation,
    );
    expectEvidence(validation, gateway.exchange.requests.slice(requestsBefore));
  });

  test.each(states.filter(({ code }) => code === "CREDENTIAL_LEGACY"))("sends nothing when $trouble", async (state) => {
    await state.arrange(gateway);
    const requestsBefore = gateway.exchange.requests.length;

    await gateway.validateCredentials();
    await gateway.ingestUsers().catch(() => {});

    expect(gateway.exchange.requests.slice(requestsBefore)).toEqual([]);
  });
}

/** Every check that was not made says because of which failed one, and what follows from that one was not made. */
function expectSkippedBecauseOf(failed: string[], { checks }: Validation): void {
  const skipped = checks.filter(({ status }) => status === "skipped");
  const reasons = failed.map((name) => `skipped: needs ${name}`);
  expect(skipped.filter(({ found }) => !reasons.includes(found))).toEqual([]);
  const isBeforeToken =
    checks.findIndex(({ name }) => name === failed[0]) <= checks.findIndex(({ name }) => name === "token");
  const afterToken = checks.slice(checks.findIndex(({ name }) => name === "app role"));
  if (isBeforeToken) expect(new Set(afterToken.map(({ status }) => status))).toEqual(new Set(["skipped"]));
}

/** What passed can be seen in the server's log, with its answer. */
function expectEvidence({ checks }: Validation, requests: readonly LoggedRequest[]): void {
  const saw = (method: string, path: RegExp, statuses: number[]) =>
    requests.some((each) => each.method === method && path.test(each.path) && statuses.includes(each.status ?? 0));
  const evidence: Record<string, () => boolean> = {
    clock: () => saw("HEAD", /^\/$/, [404]),
    token: () => saw("POST", /\/oauth2\/v2\.0\/token$/, [200]),
    "app role": () => saw("GET", /\/EXOModuleFile$/i, [200, 403]),
    "directory role": () => saw("GET", /\/EXOModuleFile$/i, [200]),
  };
  const passed = checks.filter(({ status }) => status === "pass").map(({ name }) => name);
  for (const name of passed) {
    const cmdlet = /^read with (.+)$/.exec(name)?.[1];
    if (cmdlet)
      expect([name, requests.some((each) => each.cmdlet === cmdlet && each.status === 200)]).toEqual([name, true]);
    else if (evidence[name]) expect([name, evidence[name]()]).toEqual([name, true]);
  }
  const written = requests.filter(({ cmdlet }) => cmdlet && !cmdlet.startsWith("Get-"));
  expect(written).toEqual([]);
}
