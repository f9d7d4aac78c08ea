import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Credential } from "#exchange/credential/credential";
import { ExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";
import { failureOf, msalFailure, recordOf, recordOfExceptions } from "#test/support/error-records";
import { allCommands, type ConnectStep, connected, type Scenario, settle } from "#test/support/script-exchange";
import { watchMetrics } from "#test/support/watch-metrics";
import {
  newCredential,
  oldCredential,
  type RotatingClient,
  refusedConnect,
  startRotatingClient,
  unregistered,
} from "#test/unit/layers/exchange/rotating-client";

const fiveMinutes = 5 * 60_000;
const said = "Credential version rejected, using an earlier version";
const anotherCredential: Credential = { ...oldCredential, certificatePassword: "another" };
const notJson = new ExchangeError("CREDENTIAL_INVALID", "The secret is not JSON.");

const wrongPassword: ConnectStep = {
  failed: failureOf(
    "certificate",
    recordOfExceptions(["System.Security.Cryptography.CryptographicException", "Wrong.", -2147024810]),
  ),
};
const expired: ConnectStep = {
  failed: failureOf("certificate", recordOf("The certificate has expired: it was valid.")),
};
const withoutRole: ConnectStep = {
  failed: failureOf("connect", recordOf("The role assigned to application x isn't supported in this scenario.")),
};
const unreachable: ConnectStep = {
  failed: failureOf(
    "connect",
    recordOfExceptions(["System.Net.Http.HttpRequestException", "Name or service not known"]),
  ),
};
const outOfService: ConnectStep = {
  failed: failureOf("connect", msalFailure("Service is unavailable to process the request.")),
};
const throttled: ConnectStep = { failed: failureOf("connect", msalFailure("HttpStatusCode: 429: TooManyRequests")) };
const { "New-DistributionGroup": _, ...fewerCommands } = allCommands;

let rotating: RotatingClient;

let recorded: ReturnType<typeof watchMetrics>;

beforeEach(() => {
  recorded = watchMetrics();
  vi.spyOn(logger, "error");
  vi.spyOn(logger, "warn");
});

afterEach(() => rotating.stop());
afterEach(() => vi.restoreAllMocks());

/** How often the gateway has told that the secret's credential cannot be used: aloud, and in numbers. */
const timesSaid = () => vi.mocked(logger.error).mock.calls.filter(([text]) => text === said).length;
const timesCounted = () => recorded.filter(([name]) => name === "CredentialRefused").length;

/** A client that works, whose secret was then replaced by a version that is refused when it is looked at. */
async function startWithBroken(version: Credential | ExchangeError, ...scenarios: Scenario[]) {
  rotating = startRotatingClient([{}, ...scenarios]);
  await rotating.read();
  rotating.replaceSecret(version);
  await lookAndBeRefused();
  return rotating;
}

async function lookAndBeRefused(): Promise<void> {
  const before = timesCounted();
  rotating.passTime(fiveMinutes);
  await rotating.read();
  await settle();
  expect(timesCounted()).toBe(before + 1);
}

async function useNext(start: number): Promise<void> {
  rotating.passTime(fiveMinutes);
  await rotating.read();
  await settle();
  expect(await rotating.readFrom()).toBe(start);
}

test.each<{ trouble: string; connect: ConnectStep; code: string }>([
  { trouble: "whose PFX does not open", connect: wrongPassword, code: "CERTIFICATE_PASSWORD_WRONG" },
  { trouble: "whose certificate has expired", connect: expired, code: "CERTIFICATE_EXPIRED" },
  { trouble: "whose certificate is not registered", connect: unregistered, code: "CERTIFICATE_NOT_REGISTERED" },
  { trouble: "whose app is unknown", connect: refusedConnect("AADSTS700016: No such app."), code: "APP_NOT_FOUND" },
  { trouble: "whose app has no role", connect: withoutRole, code: "DIRECTORY_ROLE_MISSING" },
  { trouble: "whose app may do less", connect: connected(fewerCommands), code: "DIRECTORY_ROLE_MISSING" },
])(
  "keeps the session that works, and says so, where the secret is replaced by one $trouble",
  async ({ connect, code }) => {
    const { readFrom, running, exchange } = await startWithBroken(newCredential, { connect });

    expect(await readFrom()).toBe(1);
    expect(timesSaid()).toBe(1);
    expect(logger.error).toHaveBeenCalledWith(said, {
      code,
      error: expect.objectContaining({ code }),
      usableUntil: new Date("2034-01-01T00:00:00Z"),
    });
    await settle();
    expect(running()).toEqual([exchange.starts()[0]?.pid]);
  },
);

test("keeps the session that works where the secret is replaced by one that is no credential", async () => {
  const { readFrom, exchange } = await startWithBroken(notJson);

  expect(await readFrom()).toBe(1);
  expect(logger.error).toHaveBeenCalledWith(said, expect.objectContaining({ code: "CREDENTIAL_INVALID" }));
  expect(exchange.starts()).toHaveLength(1);
});

test("tries a refused version every five minutes, says it once and counts it each time", async () => {
  const { signIns, passTime, read } = await startWithBroken(newCredential, { connect: unregistered });
  passTime(fiveMinutes - 1);
  await read();
  expect(signIns()).toEqual(["p4ss", "new"]);

  await lookAndBeRefused();
  await lookAndBeRefused();

  expect(signIns()).toEqual(["p4ss", "new", "new", "new"]);
  expect([timesSaid(), timesCounted()]).toEqual([1, 3]);
});

test("uses a refused version as soon as it is mended", async () => {
  const { signIns } = await startWithBroken(newCredential, { connect: unregistered }, {});

  await useNext(3);

  expect(signIns()).toEqual(["p4ss", "new", "new"]);
});

test("says it again of another version that cannot be used, and uses a good one that follows", async () => {
  const { replaceSecret, signIns } = await startWithBroken(notJson, { connect: unregistered }, {});
  replaceSecret(anotherCredential);
  await lookAndBeRefused();
  expect(timesSaid()).toBe(2);

  replaceSecret(newCredential);
  await useNext(3);

  expect(signIns()).toEqual(["p4ss", "another", "new"]);
});

test.each<{ trouble: string; next: Scenario; code: string }>([
  { trouble: "Exchange cannot be reached", next: { connect: unreachable }, code: "SIGN_IN_FAILED" },
  { trouble: "Microsoft Entra ID cannot answer", next: { connect: outOfService }, code: "SIGN_IN_FAILED" },
  { trouble: "Microsoft Entra ID throttles", next: { connect: throttled }, code: "THROTTLED" },
  { trouble: "PowerShell does not start", next: { start: "exit" }, code: "POWERSHELL_START_FAILED" },
  { trouble: "PowerShell dies", next: { connect: "exit" }, code: "POWERSHELL_EXITED" },
])("does not blame a new version because $trouble, and tries it again five minutes later", async ({ next, code }) => {
  rotating = startRotatingClient([{}, next, {}]);
  await rotating.read();
  rotating.replaceSecret(newCredential);
  rotating.passTime(fiveMinutes);

  expect(await rotating.readFrom()).toBe(1);
  await settle();
  expect(logger.warn).toHaveBeenCalledOnce();
  expect(logger.warn).toHaveBeenCalledWith(expect.any(String), { error: expect.objectContaining({ code }) });
  expect(await rotating.readFrom()).toBe(1);

  await useNext(3);
  expect([timesSaid(), timesCounted()]).toEqual([0, 0]);
});

test("signs in with what works, not with what was refused lately, where the session has to be replaced", async () => {
  rotating = startRotatingClient([{}, { connect: unregistered }, {}], { maxCalls: 3 });
  const { signIns, replaceSecret, passTime } = rotating;
  await rotating.read();
  replaceSecret(newCredential);
  replaceSecret(newCredential); // what works is not the version before any more
  passTime(fiveMinutes);
  await rotating.read();
  await settle();
  expect(timesCounted()).toBe(1);
  await rotating.read();

  expect(await rotating.readFrom()).toBe(3);

  expect(signIns()).toEqual(["p4ss", "new", "p4ss"]);
});

test("throws what is wrong with the new version once the old certificate has ended", async () => {
  const soon = new Date(Date.now() + 7 * 60_000).toISOString();
  const { connected: answer } = connected() as { connected: object };
  const endingSoon = { connected: { ...answer, certificate: { notBefore: "2024-01-01T00:00:00Z", notAfter: soon } } };
  rotating = startRotatingClient([
    { connect: endingSoon },
    { connect: unregistered },
    { connect: unregistered },
    { connect: expired },
  ]);
  await rotating.read();
  rotating.replaceSecret(newCredential);
  await lookAndBeRefused();

  rotating.passTime(3 * 60_000);

  await expect(rotating.read()).rejects.toMatchObject({ code: "CERTIFICATE_NOT_REGISTERED" });
  expect(rotating.signIns()).toEqual(["p4ss", "new", "new", "p4ss"]);
});

test("begins with the version before where the current one cannot be used, and says so", async () => {
  rotating = startRotatingClient([{ connect: unregistered }, {}]);
  rotating.replaceSecret(newCredential);

  expect(await rotating.readFrom()).toBe(2);

  expect(rotating.signIns()).toEqual(["new", "p4ss"]);
  expect([timesSaid(), timesCounted()]).toEqual([1, 1]);
});

test("throws what is wrong with the current version where the one before is no better", async () => {
  rotating = startRotatingClient([{ connect: unregistered }, { connect: expired }]);
  rotating.replaceSecret(newCredential);

  await expect(rotating.read()).rejects.toMatchObject({ code: "CERTIFICATE_NOT_REGISTERED" });

  expect(rotating.signIns()).toEqual(["new", "p4ss"]);
  expect(timesSaid()).toBe(0);
});

test("tries a version once where the one before is the same", async () => {
  rotating = startRotatingClient([{ connect: unregistered }, {}]);
  rotating.replaceSecret(oldCredential);

  await expect(rotating.read()).rejects.toMatchObject({ code: "CERTIFICATE_NOT_REGISTERED" });

  expect(rotating.signIns()).toEqual(["p4ss"]);
});

test("does not try the version before because Exchange cannot be reached", async () => {
  rotating = startRotatingClient([{ connect: unreachable }, {}]);
  rotating.replaceSecret(newCredential);

  await expect(rotating.read()).rejects.toMatchObject({ code: "SIGN_IN_FAILED" });

  expect(rotating.signIns()).toEqual(["new"]);
});

test("signs in with the last credential where the session has ended and Secrets Manager cannot answer", async () => {
  rotating = startRotatingClient([{ calls: [{}, "exit"] }, {}]);
  await rotating.read();
  await expect(rotating.read()).rejects.toMatchObject({ code: "POWERSHELL_EXITED" });
  rotating.readCredential.mockRejectedValueOnce(new ExchangeError("SECRET_UNREADABLE", "Throttled."));

  expect(await rotating.readFrom()).toBe(2);

  expect(rotating.signIns()).toEqual(["p4ss", "p4ss"]);
});
