import { afterEach, expect, test, vi } from "vitest";
import { createExchangeClient, type ExchangeClient } from "#exchange/client";
import { addDistributionGroupMember, newDistributionGroup } from "#exchange/cmdlets/distribution-group";
import type { Row } from "#powershell/frames";
import { deadlineIn } from "#runtime/deadline";
import { failureOf, recordOf } from "#test/support/error-records";
import { eventually } from "#test/support/eventually";
import {
  allCommands,
  type CallStep,
  connected,
  credential,
  late,
  type Scenario,
  scriptExchange,
  settle,
} from "#test/support/script-exchange";

const guid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const group: Row = { ExchangeObjectId: guid, RecipientTypeDetails: "MailUniversalDistributionGroup", Alias: "sales" };
const taken =
  'ExBF87FF|Microsoft.Exchange.Data.Directory.NameNotAvailableException|The name "Sales" is already being used.';
const notFound =
  'Ex94914C|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|Couldn\'t find object "X".';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const end of ends.splice(0).toReversed()) await end();
});

function startClient(...scenarios: Scenario[]) {
  const exchange = scriptExchange(...scenarios);
  const client = createExchangeClient({
    ...exchange,
    environmentName: "O365Default",
    readCredential: async () => credential,
  });
  ends.push(() => client.close());
  return { exchange, client };
}

function create(client: ExchangeClient, limitMs = 60_000) {
  return client.write(newDistributionGroup, { Name: "Sales", Alias: "sales" }, { deadline: deadlineIn(limitMs) });
}

function add(client: ExchangeClient) {
  const parameters = { Identity: guid, Member: "O'Brien\n$(x)" };
  return client.write(addDistributionGroupMember, parameters, { deadline: deadlineIn(60_000) });
}

const refusing = (...texts: string[]) => ({
  failed: failureOf("invoke", ...texts.map((text) => recordOf(text))),
});

test("answers the row of what was made, having sent it once", async () => {
  const { client, exchange } = startClient({ calls: [{ rows: [[group]] }] });

  const rows = await create(client);

  expect(rows).toEqual([{ ok: true, row: group }]);
  expect(exchange.invokes()).toMatchObject([
    { cmdlet: "New-DistributionGroup", parameters: { Name: "Sales", Alias: "sales", Confirm: false } },
  ]);
});

test("answers no rows where the cmdlet gives none", async () => {
  const { client, exchange } = startClient({});

  expect(await add(client)).toEqual([]);

  expect(exchange.invokes()).toMatchObject([{ cmdlet: "Add-DistributionGroupMember", select: [] }]);
  expect(exchange.invokes()[0]?.parameters).toEqual({
    Identity: guid,
    Member: "O'Brien\n$(x)",
    Confirm: false,
    BypassSecurityGroupManagerCheck: true,
  });
});

test("goes without the bypass of the manager check where the app may not use it", async () => {
  const commands = { ...allCommands, "Add-DistributionGroupMember": ["Identity", "Member", "Confirm"] };
  const { client, exchange } = startClient({ connect: connected(commands) });

  await add(client);

  expect(exchange.invokes()[0]?.parameters).not.toHaveProperty("BypassSecurityGroupManagerCheck");
});

test("names a made object whose row is not as described by its id", async () => {
  const { client } = startClient({ calls: [{ rows: [[{ Guid: guid }]] }] });

  expect(await create(client)).toMatchObject([{ ok: false, id: guid }]);
});

test("keeps the code of a refusal, and the session", async () => {
  const { client, exchange } = startClient({ calls: [refusing(taken), refusing(notFound), { rows: [] }] });

  await expect(create(client)).rejects.toMatchObject({ code: "NAME_IN_USE" });
  await expect(add(client)).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND" });
  await add(client);

  expect(exchange.starts()).toHaveLength(1);
});

test.each<{ name: string; step: CallStep; cause: string }>([
  { name: "PowerShell that dies", step: "exit", cause: "POWERSHELL_EXITED" },
  { name: "a garbled answer", step: { rows: [[{ Nested: {} as never }]] }, cause: "POWERSHELL_GARBLED" },
  {
    name: "an answer given up",
    step: refusing("Maximum retry count reached.", "The service is unavailable."),
    cause: "EXCHANGE_TRANSIENT",
  },
  {
    name: "an answer of NUL bytes",
    step: refusing("Conversion from JSON failed with error: '0x00' is an invalid start of a value."),
    cause: "EXCHANGE_TRANSIENT",
  },
  { name: "words nobody knows", step: refusing("It broke."), cause: "EXCHANGE_REFUSED" },
])("calls the outcome unknown after $name, sends it once, and works again", async ({ step, cause }) => {
  const { client, exchange } = startClient({ calls: [step, {}] }, {});

  await expect(create(client)).rejects.toMatchObject({
    code: "OUTCOME_UNKNOWN",
    retryable: false,
    message: expect.stringMatching(/^New-DistributionGroup: It is not known/),
    cause: { code: cause },
  });

  expect(exchange.invokes()).toHaveLength(1);
  await add(client);
});

test("calls the outcome unknown after a deadline that passed during the call", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  const { client, exchange } = startClient({ calls: ["hang"] });

  const writing = expect(create(client)).rejects.toMatchObject({
    code: "OUTCOME_UNKNOWN",
    cause: { code: "POWERSHELL_TIMEOUT" },
  });
  await eventually(() => exchange.invokes().length === 1);
  await vi.advanceTimersByTimeAsync(60_000);

  await writing;
  expect(exchange.invokes()).toHaveLength(1);
});

test("calls the outcome unknown where the module may have repeated what it was refused at last", async () => {
  const { client } = startClient({ calls: [{ ...refusing(notFound), ...late }] });

  await expect(add(client)).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", cause: { code: "OBJECT_NOT_FOUND" } });
});

test("calls the outcome unknown where the conflict that came late may be with what it made itself", async () => {
  const { client } = startClient({ calls: [{ ...refusing(taken), ...late }] });

  await expect(create(client)).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", cause: { code: "NAME_IN_USE" } });
});

test.each([
  { name: "a cmdlet the app may not use", scenario: { connect: connected({}) }, code: "COMMAND_NOT_PERMITTED" },
  {
    name: "a parameter the app may not use",
    scenario: { connect: connected({ ...allCommands, "New-DistributionGroup": ["Name", "Confirm"] }) },
    code: "PARAMETER_NOT_PERMITTED",
  },
  { name: "PowerShell that does not start", scenario: { start: "exit" as const }, code: "POWERSHELL_START_FAILED" },
  { name: "PowerShell that dies before", scenario: { connect: "exit" as const }, code: "POWERSHELL_EXITED" },
  {
    name: "a connection that takes too long",
    scenario: { connect: "hang" as const },
    code: "POWERSHELL_TIMEOUT",
    passMs: 60_000,
  },
])("keeps the code of $name, since nothing was sent", async ({ scenario, code, passMs = 0 }) => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  const { client, exchange } = startClient(scenario);

  const writing = expect(create(client)).rejects.toMatchObject({ code });
  await settle();
  await vi.advanceTimersByTimeAsync(passMs);

  await writing;
  expect(exchange.invokes()).toEqual([]);
});

test("sends nothing where the time is over", async () => {
  const { client, exchange } = startClient({});

  await expect(create(client, 0)).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE" });

  expect(exchange.requests()).toEqual([]);
});
