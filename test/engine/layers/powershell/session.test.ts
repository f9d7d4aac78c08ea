import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CmdletError } from "#powershell/calls";
import {
  call,
  connectRequest,
  errorOf,
  expectGone,
  openSession,
  programPath,
  read,
} from "#test/engine/layers/powershell/scripted";
import { root } from "#test/support/repository";
import { runs } from "#test/support/runs";
import { seed } from "#test/support/seed";

test("connects at once, without waiting for PowerShell to be ready", async () => {
  const session = openSession();

  const connection = await session.connect(connectRequest());

  expect(connection).toEqual({
    powershell: "7.6.5",
    module: { version: "3.9.0", path: "" },
    commands: new Map([
      ["Get-User", new Set(["Identity", "ResultSize"])],
      ["Get-EXORecipient", new Set(["Identity", "ResultSize"])],
    ]),
    certificate: { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2027-01-01T00:00:00Z") },
    importMs: 12,
    connectMs: 34,
  });
  expect(session.isUsable).toBe(true);
});

test("streams every row in order, through characters of every size", async () => {
  const session = openSession();

  const rows = await read(session, call("Get-Rows", { Count: 2_345, Size: 100 }));

  expect(rows.map(({ Index }) => Index)).toEqual(Array.from({ length: 2_345 }, (_, index) => index));
  expect(rows[2_344]?.Name).toBe("Änne 2344 🙂");
});

test("runs one call after another on the same process and notes what they cost", async () => {
  const session = openSession();
  await session.connect(connectRequest());

  await read(session, call("Get-Rows", { Count: 3 }));
  await read(session, call("Get-Rows", { Count: 0 }));

  expect(session.callCount).toBe(2);
  expect(session.memoryBytes).toBe(123_456_789);
});

test("delivers parameters as data with their types and every character", async () => {
  const session = openSession();
  const text = "Ö'\"`$(Stop-Process);\r\n\u2028\u0000\u200e שלום 🙂[*]";
  const parameters = { Identity: text, Confirm: false, ResultSize: 1000, Members: [text, ""] };

  const rows = await read(session, call("Get-Parameters", parameters));

  expect(rows).toEqual([parameters]);
});

test("delivers any text unchanged, there and back", async () => {
  const session = openSession();
  const text = fc.string({ unit: "binary" });

  await fc.assert(
    fc.asyncProperty(text, fc.array(text), async (Identity, Members) => {
      const rows = await read(session, call("Get-Parameters", { Identity, Members }));

      expect(rows).toEqual([{ Identity, Members }]);
    }),
    { numRuns: runs(50, 300), seed: seed() },
  );
});

test("puts characters together that arrive byte by byte", async () => {
  const session = openSession();

  const rows = await read(session, call("Write-Slowly", { Text: "Grüße, 世界 👩‍👩‍👧" }));

  expect(rows).toEqual([{ Text: "Grüße, 世界 👩‍👩‍👧" }]);
});

test("hands over warnings after the last row", async () => {
  const session = openSession();
  const warnings: string[] = [];

  await read(session, { ...call("Write-Warning", { Text: "slow" }), onWarning: (text) => warnings.push(text) });

  expect(warnings).toEqual(["slow"]);
});

test("throws the errors of a failed call as data and stays usable", async () => {
  const session = openSession();

  const error = await session.connect(connectRequest({ organization: "wrong.example" })).catch((thrown) => thrown);

  expect(error).toBeInstanceOf(CmdletError);
  expect(error).toMatchObject({
    message: "The password is wrong.",
    stage: "certificate",
    warnings: ["careful"],
    rows: 0,
    errors: [{ errorId: "Wrong", exceptions: [{ type: "System.Exception" }] }],
  });
  expect(session.isUsable).toBe(true);
  expect(await read(session, call("Get-Rows", { Count: 1 }))).toHaveLength(1);
});

test("refuses a second call while one is under way and goes on with the first", async () => {
  const session = openSession();
  const rows = session.invoke(call("Get-Rows", { Count: 20 }));
  await rows.next();

  const error = await errorOf(read(session, call("Get-Rows", { Count: 1 })));

  expect(error.code).toBe("UNEXPECTED");
  expect(error.message).toContain("running Get-Rows");
  expect(await Array.fromAsync(rows)).toHaveLength(19);
  expect(session.isUsable).toBe(true);
});

test.each(["Anna\ud83d", "\ude42"])("refuses half a surrogate pair before anything is sent", async (half) => {
  const session = openSession();

  const error = await errorOf(read(session, call("Stop-Process", { Identity: half })));

  expect(error.code).toBe("PARAMETER_INVALID");
  expect(session.isUsable).toBe(true);
  expect(await read(session, call("Get-Rows", { Count: 1 }))).toHaveLength(1);
});

test("refuses a deadline that has passed before anything is sent", async () => {
  const session = openSession();

  const error = await errorOf(read(session, call("Stop-Process", { Code: 1 }, -1)));

  expect(error.code).toBe("DEADLINE_TOO_CLOSE");
  expect(session.isUsable).toBe(true);
});

test("sends nothing before the first row is asked for", async () => {
  const session = openSession();

  session.invoke(call("Stop-Process", { Code: 1 }));

  expect(await read(session, call("Get-Rows", { Count: 1 }))).toHaveLength(1);
});

test("ends a session whose rows are not read to their end", async () => {
  const session = openSession();

  for await (const row of session.invoke(call("Get-Rows", { Count: 10 }))) {
    if (row.Index === 3) break;
  }

  expect(session.isUsable).toBe(false);
  await expectGone(session.pid);
  const error = await errorOf(read(session, call("Get-Rows", { Count: 1 })));
  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toContain("Nobody waited for the end of running Get-Rows");
});

test("starts PowerShell without profile, prompt or banner, with worker.ps1 as its script", async () => {
  const session = openSession();

  const [itself] = await read(session, call("Get-Itself"));

  expect(itself?.arguments).toEqual([
    "-NoLogo",
    "-NoProfile",
    "-NonInteractive",
    "-File",
    join(root, "layers/powershell/worker/worker.ps1"),
  ]);
});

test("lets no variable of its own environment through that is not meant for PowerShell", async () => {
  const environment = { PATH: process.env.PATH, AWS_SECRET_ACCESS_KEY: "a", NODE_OPTIONS: "", HTTPS_PROXY: "http://p" };
  const session = openSession("worker.js", { environment });

  const [itself] = await read(session, call("Get-Itself"));

  expect(itself?.variables).toContain("HTTPS_PROXY=http://p");
  expect(itself?.variables).not.toContainEqual(expect.stringMatching(/^(AWS_|NODE_)/));
});

test("takes the certificate and its password to PowerShell through standard input alone", async () => {
  const session = openSession();
  const { certificate, certificatePassword } = connectRequest();

  await session.connect(connectRequest());

  const [itself] = await read(session, call("Get-Itself"));
  expect(JSON.stringify(itself)).not.toContain(certificate);
  expect(JSON.stringify(itself)).not.toContain(certificatePassword);
});

test("gives each session a folder of its own and removes it with the session", async () => {
  const one = openSession();
  const other = openSession();
  const [ofOne] = await read(one, call("Get-Itself"));
  const [ofOther] = await read(other, call("Get-Itself"));

  await one.close();

  expect(ofOne?.directory).not.toBe(ofOther?.directory);
  expect(existsSync(String(ofOne?.directory))).toBe(false);
  expect(readdirSync(String(ofOther?.directory))).toEqual(["ready"]);
});

test("finds no module where there is none, and says where it looked", async () => {
  const session = openSession("worker.js", { modulePath: programPath("no-such-folder") });

  const error = await errorOf(session.connect(connectRequest()));

  expect(error.code).toBe("MODULE_UNUSABLE");
  expect(error.message).toContain(programPath("no-such-folder/ExchangeOnlineManagement.psd1"));
});
