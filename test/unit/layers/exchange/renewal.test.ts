import { afterEach, expect, test, vi } from "vitest";
import type { SessionManagerOptions } from "#exchange/session/session-manager";
import { ExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";
import { connected, type Scenario, settle } from "#test/support/script-exchange";
import { newCredential, type RotatingClient, startRotatingClient } from "#test/unit/layers/exchange/rotating-client";

const minute = 60_000;
const rows = [[{ ExchangeObjectId: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", RecipientTypeDetails: "UserMailbox" }]];

let rotating: RotatingClient;

afterEach(() => rotating.stop());
afterEach(() => vi.restoreAllMocks());

/** A client whose first session is connected, and whose secret has been replaced since. */
async function startRotation(scenarios: Scenario[], options?: Partial<SessionManagerOptions>) {
  rotating = startRotatingClient(scenarios, options);
  await rotating.read();
  rotating.replaceSecret(newCredential);
  return rotating;
}

test("goes on with the session in use until the new one is connected, then uses that and ends the old", async () => {
  const { promise: until, resolve } = Promise.withResolvers<void>();
  const { exchange, signIns, running, passTime } = await startRotation([{}, { connect: { ...connected(), until } }]);
  passTime(5 * minute);

  expect(await rotating.readFrom()).toBe(1);
  await settle();
  expect(await rotating.readFrom()).toBe(1);
  resolve();
  await rotating.read();
  await settle();
  expect(await rotating.readFrom()).toBe(2);

  expect(signIns()).toEqual(["p4ss", "new"]);
  await settle();
  expect(running()).toEqual([exchange.starts()[1]?.pid]);
});

test("never takes a session away from a call that is under way", async () => {
  const { promise: until, resolve } = Promise.withResolvers<void>();
  const { exchange, passTime } = await startRotation([{ calls: [{}, { rows, until }] }, {}]);
  passTime(5 * minute);

  const during = rotating.read();
  await settle();
  resolve();

  expect(await during).toHaveLength(1);
  expect(await rotating.readFrom()).toBe(2);
  expect(exchange.invokes()).toHaveLength(3);
});

test("looks at the secret every five minutes, and leaves alone what has not changed", async () => {
  rotating = startRotatingClient([{}]);
  await rotating.read();

  for (const elapsedMs of [5 * minute - 1, 1, 5 * minute - 1, 1]) {
    rotating.passTime(elapsedMs);
    await rotating.read();
  }

  expect(rotating.readCredential).toHaveBeenCalledTimes(3);
  expect(rotating.exchange.starts()).toHaveLength(1);
});

test("begins one new session, however many calls come meanwhile", async () => {
  const { passTime, exchange } = await startRotation([{}, {}]);
  passTime(5 * minute);

  await Promise.all(Array.from({ length: 5 }, () => rotating.read()));

  expect(rotating.readCredential).toHaveBeenCalledTimes(2);
  await settle();
  expect(exchange.starts()).toHaveLength(2);
});

test("does not wait for Secrets Manager, and asks again five minutes later when it cannot answer", async () => {
  const warn = vi.spyOn(logger, "warn");
  const { passTime, readCredential } = await startRotation([{}]);
  readCredential.mockRejectedValueOnce(new ExchangeError("SECRET_UNREADABLE", "Throttled."));
  passTime(5 * minute);

  expect(await rotating.readFrom()).toBe(1);
  await settle();
  expect(warn).toHaveBeenCalledOnce();
  passTime(5 * minute);

  await rotating.read();
  await settle();
  expect(await rotating.readFrom()).toBe(2);
});

test("gives up a try that a freeze cut off, and waits for the next one", async () => {
  const { promise: until, resolve } = Promise.withResolvers<void>();
  const { exchange, running, passTime } = await startRotation([
    {},
    { connect: "hang" },
    { connect: { ...connected(), until } },
  ]);
  passTime(5 * minute);
  await rotating.read();
  await settle();
  expect(rotating.signIns()).toHaveLength(2);

  passTime(minute);
  expect(await rotating.readFrom()).toBe(1);
  await settle();
  expect(running()).toHaveLength(1);
  passTime(4 * minute);
  const next = rotating.readFrom();
  await settle();
  resolve();

  expect(await next).toBe(3);
  await settle();
  expect(running()).toEqual([exchange.starts()[2]?.pid]);
});

test("waits for the session that is being opened where the one in use has ended", async () => {
  const { promise: until, resolve } = Promise.withResolvers<void>();
  const { exchange, passTime } = await startRotation([
    { calls: [{}, {}, "exit"] },
    { connect: { ...connected(), until } },
  ]);
  passTime(5 * minute);
  await rotating.read();
  await settle();
  expect(rotating.signIns()).toHaveLength(2);

  await expect(rotating.read()).rejects.toMatchObject({ code: "POWERSHELL_EXITED" });
  const next = rotating.readFrom();
  await settle();
  resolve();

  expect(await next).toBe(2);
  expect(exchange.starts()).toHaveLength(2);
});

test("opens no other session beside one that waits to be used", async () => {
  const { exchange, passTime } = await startRotation([{}, {}]);
  passTime(5 * minute);
  await rotating.read();
  await settle();

  passTime(5 * minute);

  expect([await rotating.readFrom(), await rotating.readFrom()]).toEqual([2, 2]);
  expect(exchange.starts()).toHaveLength(2);
});

test("takes no session that ended before it was used", async () => {
  const { exchange, passTime } = await startRotation([{}, {}, {}]);
  passTime(5 * minute);
  await rotating.read();
  await settle();

  exchange.kill(exchange.starts()[1]?.pid ?? 0);
  await settle();
  expect(rotating.running()).toHaveLength(1);

  expect(await rotating.readFrom()).toBe(3);
  expect(rotating.signIns()).toEqual(["p4ss", "new", "new"]);
});

test("leaves no process when it is closed while a session is being opened", async () => {
  const { client, running, passTime } = await startRotation([{}, { connect: "hang" }]);
  passTime(5 * minute);
  await rotating.read();
  await settle();
  expect(running()).toHaveLength(2);

  await client.close();

  expect(running()).toEqual([]);
});

test("leaves no process when it is closed before an opened session was used", async () => {
  const { client, running, passTime } = await startRotation([{}, {}]);
  passTime(5 * minute);
  await rotating.read();
  await settle();
  expect(rotating.signIns()).toHaveLength(2);

  await client.close();

  expect(running()).toEqual([]);
});
