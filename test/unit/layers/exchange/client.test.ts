import { afterEach, expect, test, vi } from "vitest";
import { createExchangeClient, type ExchangeClient } from "#exchange/client";
import { cmdlets } from "#exchange/cmdlets/all";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";
import type { SessionManagerOptions } from "#exchange/session/session-manager";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { failureOf, recordOf, refusedSignIn } from "#test/support/error-records";
import { eventually } from "#test/support/eventually";
import { connected, credential, type Scenario, scriptExchange, settle } from "#test/support/script-exchange";

const truncation =
  "There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.";
const row = { ExchangeObjectId: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", RecipientTypeDetails: "UserMailbox" };
const everything = { ResultSize: "Unlimited" as const };

const ends: (() => unknown)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const end of ends.splice(0).toReversed()) await end();
});

function startClient(scenarios: Scenario[], options: Partial<SessionManagerOptions> = {}) {
  const exchange = scriptExchange(...scenarios);
  const readCredential = vi.fn(async () => credential);
  const client = createExchangeClient({
    ...exchange,
    environmentName: "O365Default",
    readCredential,
    ...options,
  });
  ends.push(() => client.close());
  return { exchange, client, readCredential };
}

function readUsers(
  client: ExchangeClient,
  parameters: Parameters<typeof client.read>[1] = everything,
  limitMs = 60_000,
) {
  return Array.fromAsync(client.read(getUser, parameters as typeof everything, { deadline: deadlineIn(limitMs) }));
}

test("streams the rows of a cmdlet", async () => {
  const other = { ...row, ExchangeObjectId: "11111111-2222-3333-4444-555555555555", DisplayName: "ענת" };
  const { client } = startClient([{ calls: [{ rows: [[row], [other]] }] }]);

  const rows = await readUsers(client);

  expect(rows).toEqual([
    { ok: true, row },
    { ok: true, row: other },
  ]);
});

test("connects with the credential, asking for the served cmdlets alone and for the rights on all", async () => {
  const { client, exchange } = startClient([{}]);

  await readUsers(client);

  expect(exchange.requests()[0]).toMatchObject({
    op: "connect",
    appId: credential.appId,
    organization: "contoso.onmicrosoft.com",
    certificate: credential.certificate,
    certificatePassword: "p4ss",
    environmentName: "O365Default",
    commandNames: cmdlets.map(({ name }) => name).filter((name) => name !== "Get-EXORecipient"),
    cmdlets: cmdlets.map(({ name }) => name),
  });
  expect(client.connection).toMatchObject({ module: { version: "3.9.0" } });
});

test("sends the parameters as data, with the properties a row is made of", async () => {
  const { client, exchange } = startClient([{}]);
  const identity = 'O\'Brien $(whoami)\n"[x]*" 😀';

  await readUsers(client, { Identity: identity });
  await Array.fromAsync(client.read(getExoRecipient, everything, { deadline: deadlineIn(60_000) }));

  const [user, recipient] = exchange.invokes();
  expect(user).toMatchObject({ cmdlet: "Get-User", parameters: { Identity: identity } });
  expect(user?.select).toEqual(getUser.properties);
  expect(user?.parameters).not.toHaveProperty("Properties");
  expect(recipient).toMatchObject({
    cmdlet: "Get-EXORecipient",
    parameters: { ResultSize: "Unlimited", Properties: [...getExoRecipient.properties] },
  });
});

test("uses one session for every call, one after another", async () => {
  const { promise: until, resolve } = Promise.withResolvers<void>();
  const { client, exchange } = startClient([{ calls: [{ rows: [[row]], until }] }]);

  const reading = Promise.all([readUsers(client), readUsers(client), readUsers(client)]);
  await eventually(() => exchange.invokes().length === 1);
  await settle();
  expect(exchange.invokes()).toHaveLength(1);
  resolve();
  const answers = await reading;

  expect(answers.map((rows) => rows.length)).toEqual([1, 1, 1]);
  expect(exchange.starts()).toHaveLength(1);
  expect(exchange.requests().map(({ op }) => op)).toEqual(["connect", "invoke", "invoke", "invoke"]);
});

test("starts PowerShell while the credential is still being read", async () => {
  const { promise, resolve } = Promise.withResolvers<typeof credential>();
  const { client, exchange } = startClient([{}], { readCredential: () => promise });

  const reading = readUsers(client);
  await eventually(() => exchange.starts().length === 1);
  resolve(credential);

  expect(await reading).toEqual([]);
  expect(exchange.starts()).toHaveLength(1);
});

test("starts PowerShell before the first call where it is asked to", async () => {
  const { client, exchange, readCredential } = startClient([{}]);

  client.start();
  client.start();

  await eventually(() => exchange.starts().length === 1);
  expect(readCredential).not.toHaveBeenCalled();
});

test("names a row that is not as described by its id, and goes on", async () => {
  const broken = {
    ExchangeObjectId: row.ExchangeObjectId.toUpperCase(),
    DisplayName: "Anna",
    WhenChangedUTC: "yesterday",
  };
  const { client } = startClient([{ calls: [{ rows: [[broken, row]] }] }]);

  const [rejected, good] = await readUsers(client);

  expect(rejected).toEqual({
    ok: false,
    id: row.ExchangeObjectId,
    reason: expect.stringMatching(/RecipientTypeDetails: .*; WhenChangedUTC: /),
  });
  expect(JSON.stringify(rejected)).not.toMatch(/Anna|yesterday/);
  expect(good).toEqual({ ok: true, row });
});

test.each([
  [{ Identity: "" }, "IDENTITY_INVALID"],
  [{ Identity: " \u0085" }, "IDENTITY_INVALID"],
  [{ Identity: "\ud800" }, "IDENTITY_INVALID"],
  [{ Identity: undefined }, "PARAMETER_INVALID"],
  [{ Identity: null }, "PARAMETER_INVALID"],
  [{ Anr: "Anna" }, "PARAMETER_INVALID"],
  [{ ResultSize: "many" }, "PARAMETER_INVALID"],
  [{ ResultSize: 0 }, "PARAMETER_INVALID"],
  [{ RecipientTypeDetails: [] }, "PARAMETER_INVALID"],
  [{ RecipientTypeDetails: ["GroupMailbox"] }, "PARAMETER_INVALID"],
  [{ Filter: " " }, "PARAMETER_INVALID"],
])("refuses %j before anything is started", async (parameters, code) => {
  const { client, exchange } = startClient([{}]);

  const reading = readUsers(client, parameters);

  await expect(reading).rejects.toMatchObject({ code });
  expect(exchange.starts()).toEqual([]);
});

test("refuses a doubled quote in a filter of Get-EXORecipient, whose client breaks on it", async () => {
  const { client } = startClient([{}]);

  const reading = client
    .read(getExoRecipient, { Filter: "Name -eq 'O''Brien'" }, { deadline: deadlineIn(100_000) })
    .next();

  await expect(reading).rejects.toMatchObject({ code: "PARAMETER_INVALID" });
});

test("refuses a cmdlet the app may not use before it is called", async () => {
  const { client, exchange } = startClient([{ connect: connected({ "Get-EXORecipient": [] }) }]);

  const reading = readUsers(client);

  await expect(reading).rejects.toMatchObject({
    code: "COMMAND_NOT_PERMITTED",
    message: expect.stringContaining("Get-User"),
  });
  expect(exchange.invokes()).toEqual([]);
});

test("refuses a parameter the app may not use before the call", async () => {
  const { client, exchange } = startClient([{ connect: connected({ "get-user": ["identity", "resultsize"] }) }]);

  const reading = readUsers(client, { ...everything, RecipientTypeDetails: ["User"] });

  await expect(reading).rejects.toMatchObject({
    code: "PARAMETER_NOT_PERMITTED",
    message: expect.stringMatching(/not with RecipientTypeDetails\./),
  });
  expect(exchange.invokes()).toEqual([]);
});

test("sees a right that was granted meanwhile with the next call", async () => {
  const { client, exchange } = startClient([{ connect: connected({}) }, {}]);

  await expect(readUsers(client)).rejects.toMatchObject({ code: "COMMAND_NOT_PERMITTED" });

  expect(await readUsers(client)).toEqual([]);
  expect(exchange.starts()).toHaveLength(2);
});

test("fails a read of everything that Exchange has cut, after its rows and warnings", async () => {
  const { client } = startClient([{ calls: [{ rows: [[row]], warnings: ["one", truncation] }] }]);
  const warnings: string[] = [];
  const rows: unknown[] = [];

  const reading = (async () => {
    const options = { deadline: deadlineIn(60_000), onWarning: (text: string) => void warnings.push(text) };
    for await (const parsed of client.read(getUser, everything, options)) rows.push(parsed);
  })();

  await expect(reading).rejects.toMatchObject({ code: "ANSWER_TRUNCATED", retryable: false });
  expect(rows).toHaveLength(1);
  expect(warnings).toEqual(["one", truncation]);
});

test("fails a cut read that did not say how much it wants", async () => {
  const { client } = startClient([{ calls: [{ warnings: [truncation] }] }]);

  await expect(readUsers(client, {})).rejects.toMatchObject({ code: "ANSWER_TRUNCATED" });
});

test("takes a cut answer where only so much was asked for", async () => {
  const { client } = startClient([{ calls: [{ rows: [[row]], warnings: [truncation] }] }]);

  expect(await readUsers(client, { ResultSize: 1 })).toHaveLength(1);
});

test("tells what Exchange refused, and goes on with the same session", async () => {
  const notFound = recordOf(
    "Ex6F9304|Microsoft.Exchange.ManagementObjectNotFoundException|The operation couldn't be performed.",
  );
  const { client, exchange } = startClient([{ calls: [{ failed: failureOf("invoke", notFound) }, { rows: [[row]] }] }]);

  await expect(readUsers(client, { Identity: "Nobody" })).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND" });

  expect(await readUsers(client)).toHaveLength(1);
  expect(exchange.starts()).toHaveLength(1);
});

test("signs in again with what the secret then holds after a sign-in that failed", async () => {
  const refusal = failureOf(
    "connect",
    refusedSignIn("AADSTS700027: The certificate is not registered on application."),
  );
  const mended = { ...credential, certificatePassword: "other" };
  const readCredential = vi
    .fn()
    .mockResolvedValueOnce(credential)
    .mockResolvedValueOnce(credential)
    .mockResolvedValue(mended);
  const { client, exchange } = startClient([{ connect: { failed: refusal } }, {}], { readCredential });

  await expect(readUsers(client)).rejects.toMatchObject({ code: "CERTIFICATE_NOT_REGISTERED" });

  expect(client.connection).toBeUndefined();
  expect(await readUsers(client)).toEqual([]);
  expect(await readUsers(client)).toEqual([]);
  expect(exchange.starts()).toHaveLength(2);
  expect(readCredential.mock.calls).toEqual([["AWSCURRENT"], ["AWSPREVIOUS"], ["AWSCURRENT"]]);
});

test("reads the credential again after one that was wrong", async () => {
  const wrong = new ExchangeError("CREDENTIAL_INVALID", "app_id is missing");
  const readCredential = vi
    .fn()
    .mockRejectedValueOnce(wrong)
    .mockRejectedValueOnce(wrong)
    .mockResolvedValue(credential);
  const { client } = startClient([{}], { readCredential });

  await expect(readUsers(client)).rejects.toBe(wrong);

  expect(await readUsers(client)).toEqual([]);
});

test("replaces a session after so many calls", async () => {
  const { client, exchange } = startClient([{}], { maxCalls: 2 });

  for (let count = 0; count < 4; count += 1) await readUsers(client);

  expect(exchange.starts().length).toBeGreaterThan(1);
  expect(exchange.invokes()).toHaveLength(4);
});

test("replaces a session that takes too much memory", async () => {
  const { client, exchange } = startClient([{ calls: [{ memoryBytes: 900 }, { memoryBytes: 1_001 }, {}] }], {
    maxMemoryBytes: 1_000,
  });

  for (let count = 0; count < 3; count += 1) await readUsers(client);

  const [first, second, third] = exchange.invokes().map(({ pid }) => pid);
  expect(second).toBe(first);
  expect(third).not.toBe(second);
});

test("works again after PowerShell died during a call", async () => {
  const { client } = startClient([{ calls: ["exit"] }, { calls: [{ rows: [[row]] }] }]);

  await expect(readUsers(client)).rejects.toMatchObject({ code: "POWERSHELL_EXITED" });

  expect(await readUsers(client)).toHaveLength(1);
});

test("works again after PowerShell was killed between calls", async () => {
  const { client, exchange } = startClient([{ calls: [{ rows: [[row]] }] }]);
  await readUsers(client);
  exchange.kill(exchange.starts()[0]?.pid ?? 0);

  expect(await readUsers(client)).toHaveLength(1);
});

test("works again after PowerShell did not start", async () => {
  const { client } = startClient([{ start: "exit" }, {}]);

  await expect(readUsers(client)).rejects.toMatchObject({ code: "POWERSHELL_START_FAILED" });

  expect(await readUsers(client)).toEqual([]);
});

test("works again after a call that outlived its deadline", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  const { client, exchange } = startClient([{ calls: ["freeze"] }, {}]);

  const reading = expect(readUsers(client)).rejects.toMatchObject({ code: "POWERSHELL_TIMEOUT" });
  await eventually(() => exchange.invokes().length === 1);
  await vi.advanceTimersByTimeAsync(120_000);
  await reading;

  expect(await readUsers(client)).toEqual([]);
  expect(exchange.starts()).toHaveLength(2);
});

test("works again after a read that was left early", async () => {
  const { client, exchange } = startClient([{ calls: [{ rows: [[row, row], [row]] }] }]);

  for await (const _ of client.read(getUser, everything, { deadline: deadlineIn(60_000) })) break;

  expect(await readUsers(client)).toHaveLength(3);
  expect(exchange.starts()).toHaveLength(2);
});

test("sends nothing where the time is over", async () => {
  const { client, exchange } = startClient([{}]);

  await expect(readUsers(client, everything, 0)).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE" });

  expect(exchange.requests()).toEqual([]);
});

test("does not wait for an earlier read longer than its deadline, and lets later ones come", async () => {
  const { promise: until, resolve } = Promise.withResolvers<void>();
  const { client } = startClient([{ calls: [{ rows: [[row]], until }] }]);

  const first = readUsers(client);
  const second = readUsers(client, everything, 50);
  const third = readUsers(client);

  await expect(second).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE" });
  resolve();
  expect(await first).toHaveLength(1);
  expect(await third).toHaveLength(1);
});

test("does not wait for the credential longer than the deadline", async () => {
  const { client } = startClient([{}], { readCredential: () => new Promise(() => {}) });

  await expect(readUsers(client, everything, 100)).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE" });
});

test("leaves no process when it is closed, and takes no further call", async () => {
  const { client, exchange } = startClient([{}]);
  await readUsers(client);

  await client.close();

  expect(exchange.running()).toEqual([]);
  await expect(readUsers(client)).rejects.toMatchObject({ code: "UNEXPECTED" });
});

test("fails the call that is under way when it is closed", async () => {
  const { client, exchange } = startClient([{ calls: ["hang"] }]);
  const reading = expect(readUsers(client)).rejects.toMatchObject({ code: "POWERSHELL_EXITED" });
  await eventually(() => exchange.invokes().length === 1);

  await client.close();

  await reading;
});
