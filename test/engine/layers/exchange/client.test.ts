import process from "node:process";
import { expect, onTestFinished, test, vi } from "vitest";
import { createExchangeClient, type ExchangeClient } from "#exchange/client";
import { getUser } from "#exchange/cmdlets/get-user";
import { deadlineIn } from "#runtime/deadline";
import { credential, type Scenario, scriptExchange } from "#test/engine/layers/exchange/script-exchange";
import { eventually } from "#test/support/eventually";
import { holdTime } from "#test/support/held-time";

const row = { ExchangeObjectId: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", RecipientTypeDetails: "UserMailbox" };
const limitMs = 60_000;

/** A client on processes, each of which does as its scenario says. */
function startClient(...scenarios: Scenario[]) {
  const exchange = scriptExchange(...scenarios);
  const client = createExchangeClient({
    ...exchange,
    environmentName: "O365Default",
    readCredential: async () => credential,
  });
  onTestFinished(async () => {
    await client.close();
    exchange.remove();
  });
  return { exchange, client };
}

function readUsers(client: ExchangeClient) {
  return Array.fromAsync(client.read(getUser, { ResultSize: "Unlimited" }, { deadline: deadlineIn(limitMs) }));
}

test("works again after PowerShell did not start, and after it died during a call", async () => {
  const { client } = startClient({ start: "exit" }, { calls: ["exit"] }, { calls: [{ rows: [[row]] }] });

  await expect(readUsers(client)).rejects.toMatchObject({ code: "POWERSHELL_START_FAILED" });
  await expect(readUsers(client)).rejects.toMatchObject({ code: "POWERSHELL_EXITED" });

  expect(await readUsers(client)).toEqual([{ ok: true, row }]);
});

test("works again after PowerShell was killed between calls", async () => {
  const { client, exchange } = startClient({ calls: [{ rows: [[row]] }] });
  await readUsers(client);
  const pid = exchange.starts()[0]?.pid ?? 0;
  process.kill(pid, "SIGKILL");
  await eventually(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"));

  expect(await readUsers(client)).toHaveLength(1);
});

test("works again after a call that outlived its deadline", async () => {
  const { client, exchange } = startClient({ calls: [{}, "hang"] }, {});
  await readUsers(client);
  const passTime = holdTime();

  const refusal = expect(readUsers(client)).rejects.toMatchObject({ code: "POWERSHELL_TIMEOUT" });
  await eventually(() => exchange.invokes().length === 2);
  await passTime(limitMs, refusal);
  await refusal;
  vi.useRealTimers();

  expect(await readUsers(client)).toEqual([]);
});

test("leaves no process when it is closed during a call", async () => {
  const { client, exchange } = startClient({ calls: ["hang"] });
  const reading = expect(readUsers(client)).rejects.toMatchObject({ code: "POWERSHELL_EXITED" });
  await eventually(() => exchange.invokes().length === 1);

  await client.close();

  await reading;
  expect(() => process.kill(exchange.starts()[0]?.pid ?? 0, 0)).toThrow("ESRCH");
});
