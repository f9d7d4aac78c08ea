import { afterEach, expect, test, vi } from "vitest";
import { addDistributionGroupMember } from "#exchange/cmdlets/distribution-group";
import type { ErrorRecord } from "#powershell/frames";
import { deadlineIn } from "#runtime/deadline";
import { failureOf, msalFailure, recordOf, refusedSignIn } from "#test/support/error-records";
import { type CallStep, late, type Scenario, settle } from "#test/support/script-exchange";
import {
  newCredential,
  type RotatingClient,
  startRotatingClient,
  unregistered,
} from "#test/unit/layers/exchange/rotating-client";

const guid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const row = { ExchangeObjectId: guid, RecipientTypeDetails: "UserMailbox" };
const notRegistered = refusedSignIn("AADSTS700027: The certificate is not registered on application.");
const refusing = (record: ErrorRecord) => ({ failed: failureOf("invoke", record) });

let rotating: RotatingClient;

afterEach(() => rotating.stop());
afterEach(() => vi.restoreAllMocks());

/** A client whose session is connected, and whose secret has been replaced since. */
async function startRotation(...scenarios: Scenario[]) {
  rotating = startRotatingClient(scenarios);
  await rotating.read();
  rotating.replaceSecret(newCredential);
  return rotating;
}

function add() {
  const parameters = { Identity: guid, Member: guid };
  return rotating.client.write(addDistributionGroupMember, parameters, { deadline: deadlineIn(60_000) });
}

test.each([
  ["the certificate is not registered any more", notRegistered],
  ["the app has lost its role", recordOf("The role assigned to application x isn't supported in this scenario.")],
  ["access is blocked", refusedSignIn("AADSTS53003: Access has been blocked by Conditional Access policies.")],
  ["the token is not taken", recordOf("Unauthorized")],
])("makes a read once more with what the secret then holds where %s", async (_, record) => {
  const { read, signIns } = await startRotation({ calls: [{}, refusing(record)] }, { calls: [{ rows: [[row]] }] });

  expect(await read()).toEqual([{ ok: true, row }]);

  expect(signIns()).toEqual(["p4ss", "new"]);
});

test("makes a write once more where it was refused for its sign-in", async () => {
  const { exchange, signIns } = await startRotation({ calls: [{}, refusing(notRegistered)] }, {});

  expect(await add()).toEqual([]);

  expect(signIns()).toEqual(["p4ss", "new"]);
  expect(exchange.invokes().map(({ cmdlet }) => cmdlet)).toEqual([
    "Get-User",
    "Add-DistributionGroupMember",
    "Add-DistributionGroupMember",
  ]);
});

test("never repeats a write that may have been sent before its sign-in was refused", async () => {
  const tooLate = { ...refusing(notRegistered), ...late };
  const { exchange } = await startRotation({ calls: [{}, tooLate] }, {});

  await expect(add()).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", cause: { code: "CERTIFICATE_NOT_REGISTERED" } });

  expect(exchange.invokes()).toHaveLength(2);
  await add();
  expect(exchange.starts()).toHaveLength(2);
});

test("does not give rows twice: a read that is refused between rows can be tried again", async () => {
  const broken: CallStep = { rows: [[row]], failed: failureOf("invoke", notRegistered) };
  const { read } = await startRotation({ calls: [{}, broken] }, { calls: [{ rows: [[row]] }] });

  await expect(read()).rejects.toMatchObject({ code: "NOT_CONNECTED", retryable: true });

  expect(await read()).toHaveLength(1);
});

test("makes a call no third time", async () => {
  const { exchange, read } = await startRotation(
    { calls: [{}, refusing(notRegistered)] },
    { calls: [refusing(notRegistered)] },
  );

  await expect(read()).rejects.toMatchObject({ code: "CERTIFICATE_NOT_REGISTERED" });

  expect(exchange.invokes()).toHaveLength(3);
});

test("tries a version that was refused lately at once where the old one's sign-in is refused", async () => {
  const calls = [{}, {}, refusing(notRegistered)];
  const { read, passTime, running, signIns } = await startRotation({ calls }, { connect: unregistered }, {});
  passTime(5 * 60_000);
  await read();
  await settle();
  expect(signIns()).toEqual(["p4ss", "new"]);
  await settle();
  expect(running()).toHaveLength(1);

  await read();

  expect(signIns()).toEqual(["p4ss", "new", "new"]);
});

test("keeps the session, and does not doubt what it signed in with, where Microsoft Entra ID cannot answer", async () => {
  const unavailable = msalFailure("Service is unavailable to process the request.");
  const calls: CallStep[] = [{}, {}, refusing(unavailable), { rows: [[row]] }];
  const { exchange, read, passTime, running, signIns } = await startRotation({ calls }, { connect: unregistered }, {});
  passTime(5 * 60_000);
  await read();
  await settle();
  expect(signIns()).toEqual(["p4ss", "new"]);
  await settle();
  expect(running()).toHaveLength(1);

  await expect(read()).rejects.toMatchObject({ code: "SIGN_IN_FAILED", retryable: true });

  expect(await read()).toEqual([{ ok: true, row }]);
  expect(exchange.invokes().at(-1)?.pid).toBe(exchange.starts()[0]?.pid);
  expect(signIns()).toEqual(["p4ss", "new"]);
});
