import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createAppCertificate, toPfx } from "#local/exchange/certificate";
import { CmdletError } from "#powershell/calls";
import { type InvokeRequest, type PowerShellSession, startSession } from "#powershell/session";
import { deadlineIn } from "#runtime/deadline";
import { connectRequest, errorOf, expectGone, read } from "#test/engine/layers/powershell/scripted";
import { eventually } from "#test/support/eventually";
import { holdTime } from "#test/support/held-time";

const password = "pa$$ wörd";
const callLimitMs = 60_000;
const folder = mkdtempSync(join(tmpdir(), "worker-test-"));
const cmdlets = ["Get-Parameter", "Get-Value", "Get-Many", "Get-Trouble", "Get-Escape", "Get-Stuck"];
const properties = [
  ...["Text", "HalfSurrogate", "Guid", "UtcTime", "NoKindTime", "OffsetTime", "Enum", "Number", "Long", "Fraction"],
  ...["NotANumber", "True", "Null", "Texts", "NoTexts", "Mixed", "Duration", "Wrapped", "Missing"],
];

let certificate: string;
let session: PowerShellSession;

beforeAll(async () => {
  certificate = toPfx(await createAppCertificate(), password);
  session = startScripted();
  await connect(session);
});

afterEach(() => void vi.useRealTimers());

afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

test("tells what it is connected with, and which cmdlets and parameters there are", async () => {
  const another = startScripted();

  const connection = await connect(another);
  await another.close();

  expect(connection.module.version).toBe("3.9.0");
  expect([...connection.commands.keys()]).toEqual(cmdlets);
  expect([...(connection.commands.get("Get-Parameter") ?? [])]).toEqual(
    expect.arrayContaining(["Identity", "RecipientTypeDetails", "ResultSize", "IsVIP", "Flag"]),
  );
  expect(connection.certificate.notAfter.getTime()).toBeGreaterThan(Date.now());
});

test.each([
  ["throws.example", "System.UnauthorizedAccessException", "UnAuthorized"],
  ["reports.example", "System.Exception", "reported"],
])("fails to connect where the module %s", async (organization, type, message) => {
  const another = startScripted();

  const error = await cmdletErrorOf(connect(another, organization));
  await another.close();

  expect(error.stage).toBe("connect");
  expect(error.errors[0]?.exceptions[0]).toMatchObject({ type, message });
});

test("connects although the module mumbles of an error", async () => {
  const another = startScripted();

  const connection = await connect(another, "mumbles.example");
  await another.close();

  expect(connection.commands.size).toBe(cmdlets.length);
});

test("binds parameters with the types they have", async () => {
  const Identity = 'O\'Brien "$(throw)" `n; 2024-04-10T08:56:22Z 🙂';
  const parameters = { Identity, RecipientTypeDetails: ["A", "B"], ResultSize: 1000, IsVIP: true, Flag: false };

  const rows = await read(session, call("Get-Parameter", parameters, ["Name", "Type", "Value"]));

  expect(rows).toHaveLength(5);
  expect(rows).toEqual(
    expect.arrayContaining([
      { Name: "Identity", Type: "String", Value: Identity },
      { Name: "RecipientTypeDetails", Type: "String[]", Value: ["A", "B"] },
      { Name: "ResultSize", Type: "Int32", Value: 1000 },
      { Name: "IsVIP", Type: "SwitchParameter", Value: "True" },
      { Name: "Flag", Type: "Boolean", Value: false },
    ]),
  );
});

test("writes every type of value, and only what was asked for", async () => {
  const [row, deserialized] = await read(session, call("Get-Value", {}, properties));

  expect(row).toEqual({
    Text: 'O\'Brien "x" <é> 😀 \u2028\r\n\0',
    HalfSurrogate: "a\uFFFDb",
    Guid: "0b6cba44-d4f5-4d6f-9d0a-0123456789ab",
    UtcTime: "2024-04-10T08:56:22Z",
    NoKindTime: "2024-04-10T08:56:22Z",
    OffsetTime: "2024-04-10T08:56:22.0000000Z",
    Enum: "Friday",
    Number: 42,
    Long: 9007199254740991,
    Fraction: 1.5,
    NotANumber: "NaN",
    True: true,
    Null: null,
    Texts: ["a", "b"],
    NoTexts: [],
    Mixed: ["x", "7", "0b6cba44-d4f5-4d6f-9d0a-0123456789ab", ""],
    Duration: "01:30:00",
    Wrapped: "wrapped",
  });
  expect(deserialized).toMatchObject({ Text: "from XML", Texts: ["c"] });
});

test("fails a call with every error it reported, after its rows, with its warnings", async () => {
  const error = await cmdletErrorOf(read(session, call("Get-Trouble", { Kind: "report" })));

  expect(error.isStopped).toBe(false);
  expect(error.rows).toBe(2);
  expect(error.warnings).toEqual(["first warning"]);
  expect(error.errors.map(({ exceptions }) => exceptions.map(({ message }) => message))).toEqual([
    [expect.stringContaining("outer words"), "inner words"],
    ["second error"],
  ]);
});

test.each([
  ["throw", "thrown"],
  ["details", "better words"],
])("fails a call that ends by %s", async (Kind, message) => {
  const error = await cmdletErrorOf(read(session, call("Get-Trouble", { Kind })));

  expect(error.errors[0]?.exceptions[0]?.message).toBe(message);
});

test.each(["break", "continue", "exit"])("fails a call that leaves by %s, and goes on", async (Kind) => {
  const error = await cmdletErrorOf(read(session, call("Get-Escape", { Kind })));
  const rows = await read(session, call("Get-Many", { Count: 2 }));

  expect(error.errors[0]?.exceptions[0]?.message).toBe("The cmdlet broke off without an error.");
  expect(rows).toEqual([{ Index: 0 }, { Index: 1 }]);
});

test("keeps what is printed out of its frames", async () => {
  expect(await read(session, call("Get-Escape", { Kind: "print" }))).toEqual([{ Index: 0 }]);
});

test("keeps its strict mode and its preferences to itself", async () => {
  expect(await read(session, call("Get-Escape", { Kind: "strict" }))).toEqual([{ Index: 0 }]);
  expect(await read(session, call("Get-Escape", { Kind: "preference" }))).toContainEqual({
    Index: "Continue Continue",
  });
});

test("streams many rows in their order", async () => {
  const rows = await read(session, call("Get-Many", { Count: 5_000 }));

  expect(rows.map(({ Index }) => Index)).toEqual(Array.from({ length: 5_000 }, (_, index) => index));
});

test("stops a call whose time is over, and the same PowerShell goes on", async () => {
  const error = await cmdletErrorOf(readUntilStuck(session, "wait"));
  const rows = await read(session, call("Get-Many", { Count: 2 }));

  expect(error.isStopped).toBe(true);
  expect(error.errors).toEqual([]);
  expect(session.isUsable).toBe(true);
  expect(rows).toHaveLength(2);
});

test("tells what a stopped call kept to itself, and nothing of the calls before", async () => {
  await cmdletErrorOf(read(session, call("Get-Trouble", { Kind: "throw" })));

  const error = await cmdletErrorOf(readUntilStuck(session, "repeat"));

  expect(error.isStopped).toBe(true);
  expect(error.errors.map(({ exceptions }) => exceptions[0]?.message)).toEqual([
    "Response status code does not indicate success: 503 (Service Unavailable).",
  ]);
});

test("answers a call that is stopped while its own answer is made", async () => {
  const error = await cmdletErrorOf(readUntilStuck(session, "answer"));
  const rows = await read(session, call("Get-Many", { Count: 2 }));

  expect(error.isStopped).toBe(true);
  expect(error.errors[0]?.exceptions.map(({ message }) => message)).toEqual(["It failed.", "It is known why."]);
  expect(rows).toHaveLength(2);
});

test("ends a PowerShell that cannot stop", async () => {
  const another = startScripted();
  await connect(another);

  const error = await errorOf(readUntilStuck(another, "block"));

  expect(error.code).toBe("POWERSHELL_TIMEOUT");
  expect(error.message).toContain("while running Get-Stuck. PowerShell was ended, for it did not stop.");
  await expectGone(another.pid);
});

/** Calls what does not come back, lets the call's time pass once it is stuck, and no more unless it cannot stop. */
async function readUntilStuck(
  session: PowerShellSession,
  Kind: "wait" | "repeat" | "answer" | "block",
): Promise<unknown> {
  const path = join(mkdtempSync(join(folder, "stuck-")), "stuck");
  const passTime = holdTime();
  const reading = read(session, call("Get-Stuck", { Kind, Path: path }));
  reading.catch(() => {}); // it may end before it is awaited
  await eventually(() => existsSync(path));
  await passTime(callLimitMs, Kind === "block" ? reading : undefined);
  return reading;
}

function startScripted(): PowerShellSession {
  const modulePath = join(import.meta.dirname, "scripted-module", "ExchangeOnlineManagement.psd1");
  return startSession({ powershellPath: process.env.TEST_POWERSHELL_PATH ?? "", modulePath });
}

function connect(to: PowerShellSession, organization = "contoso.onmicrosoft.com") {
  const request = connectRequest({
    organization,
    certificate,
    certificatePassword: password,
    deadline: deadlineIn(60_000),
  });
  return to.connect({ ...request, commandNames: [], cmdlets });
}

function call(cmdlet: string, parameters: InvokeRequest["parameters"] = {}, select = ["Index"]): InvokeRequest {
  return { cmdlet, parameters, select, deadline: deadlineIn(callLimitMs) };
}

async function cmdletErrorOf(promise: Promise<unknown>): Promise<CmdletError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof CmdletError) return thrown;
  throw new Error("There was no CmdletError", { cause: thrown });
}
