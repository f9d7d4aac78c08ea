import { globSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import {
  call,
  connectRequest,
  errorOf,
  expectGone,
  openSession,
  programPath,
  read,
} from "#test/engine/layers/powershell/scripted";
import { eventually } from "#test/support/eventually";

test.each([
  ["no file", programPath("no-such-program")],
  ["no program", import.meta.filename],
  ["a folder", import.meta.dirname],
  ["a path through a file", `${import.meta.filename}/pwsh`],
  ["no path at all", ""],
])("names the path and the way out where PowerShell is %s", async (_, powershellPath) => {
  const session = openSession("", { powershellPath });

  const error = await errorOf(session.connect(connectRequest()));

  expect(error.code).toBe("POWERSHELL_NOT_FOUND");
  expect(error.message).toContain(`"${powershellPath}"`);
  expect(error.message).toMatch(/Install PowerShell 7.4 or later, or set POWERSHELL_PATH/);
  expect(session.pid).toBeUndefined();
  expect(session.isUsable).toBe(false);
});

test("says the same of a missing PowerShell at the next call", async () => {
  const session = openSession("no-such-program");
  await errorOf(session.connect(connectRequest()));

  const error = await errorOf(read(session, call("Get-User")));

  expect(error.code).toBe("POWERSHELL_NOT_FOUND");
});

test("cannot start where no temporary folder can be made, and says so at the first call", async () => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = programPath("no-such-folder");
  const session = openSession();
  process.env.TMPDIR = before;
  if (before === undefined) delete process.env.TMPDIR;

  const errors = await Promise.all([
    errorOf(session.connect(connectRequest())),
    errorOf(read(session, call("Get-User"))),
  ]);

  expect(errors.map(({ code }) => code)).toEqual(["POWERSHELL_START_FAILED", "POWERSHELL_START_FAILED"]);
  expect(errors[0]?.message).toContain("no-such-folder");
  expect(session.isUsable).toBe(false);
});

test("tells exit code and last words of a PowerShell that ends before it is ready", async () => {
  const session = openSession("dies-at-start.js");

  const error = await errorOf(session.connect(connectRequest()));

  expect(error.code).toBe("POWERSHELL_START_FAILED");
  expect(error.message).toContain("ended with exit code 134 before it was ready");
  expect(error.message).toMatch(/standard error:\nCouldn't find a valid ICU package\.$/);
});

test("tells exit code and last words of a PowerShell that ends during a call", async () => {
  const session = openSession();

  const error = await errorOf(read(session, call("Stop-Process", { Code: 3, Text: "out of order\n" })));

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toBe(
    "PowerShell ended with exit code 3 while running Stop-Process. Its last lines on standard error:\nout of order",
  );
  expect(error.retryable).toBe(true);
  expect(session.isUsable).toBe(false);
});

test("waits for the last words of a PowerShell that is gone", async () => {
  const session = openSession();

  const error = await errorOf(
    read(session, call("Stop-Process", { Code: 3, Text: `${"x".repeat(150_000)}\nthe end` })),
  );

  expect(error.message).toMatch(/\nthe end$/);
});

test("does not take half an answer for one", async () => {
  const session = openSession();

  const error = await errorOf(read(session, call("Write-Half")));

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toContain("exit code 4 while running Write-Half");
});

test("gives the rows that came whole before PowerShell was killed, then the error", async () => {
  const session = openSession();
  const rows = session.invoke(call("Get-Endless"));
  await rows.next();

  process.kill(session.pid ?? 0, "SIGKILL");
  const error = await errorOf(Array.fromAsync(rows));

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toContain("was ended by SIGKILL while running Get-Endless");
});

test("says that a call was sent, and does not of one that was not", async () => {
  const session = openSession();
  await session.connect(connectRequest());
  let sent = 0;
  const onSent = () => {
    sent += 1;
  };

  await read(session, { ...call("Get-Rows", { Count: 1 }), onSent });
  await errorOf(read(session, { ...call("Get-Rows", { Count: 1 }, 0), onSent }));
  process.kill(session.pid ?? 0, "SIGKILL");
  await eventually(() => !session.isUsable);
  await errorOf(read(session, { ...call("Get-Rows", { Count: 1 }), onSent }));
  await errorOf(read(session, { ...call("Get-Rows", { Count: 1 }), onSent }));

  expect(sent).toBe(1);
});

test("notices that PowerShell was killed while idle", async () => {
  const session = openSession();
  await session.connect(connectRequest());

  process.kill(session.pid ?? 0, "SIGKILL");
  await eventually(() => !session.isUsable);
  const error = await errorOf(read(session, call("Get-Rows", { Count: 1 })));

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toContain("was ended by SIGKILL before running Get-Rows");
});

test("notices at the next call that PowerShell has ended by itself while idle", async () => {
  const session = openSession();
  await read(session, call("Stop-Later", { Code: 7 }));

  await eventually(() => !session.isUsable);
  const error = await errorOf(session.connect(connectRequest()));

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toContain("ended with exit code 7 before connecting");
});

test("tells a PowerShell that ended after it was ready, and before the first call, from one that never was", async () => {
  const session = openSession();
  const ready = join(tmpdir(), `exchange-online-gateway-${process.pid}-*`, "tmp-*", "ready");
  await eventually(() => globSync(ready).length > 0);

  process.kill(session.pid ?? 0, "SIGTERM");
  await eventually(() => !session.isUsable);
  const error = await errorOf(session.connect(connectRequest()));

  expect(error.code).toBe("POWERSHELL_EXITED");
});

test("ends a PowerShell that closes its standard output and lives on", async () => {
  const session = openSession();

  const error = await errorOf(read(session, call("Close-Output")));

  expect(error.code).toBe("POWERSHELL_EXITED");
  await expectGone(session.pid);
});

test.each([
  ["text", ["Error Acquiring Token"], 'a line that is no JSON: "Error Acquiring Token"'],
  ["other JSON", ['["type"]'], "a frame that is not as agreed"],
  ["a frame of an unknown type", ['{"type":"greeting","id":ID}'], "a frame that is not as agreed"],
  ["the answer to another call", ['{"type":"rows","id":77,"rows":[]}'], "an answer to call 77 in place of 1"],
  ["a second ready", ['{"type":"ready","powershell":"7","pid":1}'], 'a frame of type "ready"'],
  ["a row with an object in it", ['{"type":"rows","id":ID,"rows":[{"A":{}}]}'], "rows.0.A"],
  ["fewer rows than it counts", ['{"type":"done","id":ID,"rows":1,"warnings":[],"memoryBytes":1}'], "0 rows, of which"],
  [
    "the answer to a connect",
    [
      '{"type":"connected","id":ID,"module":{"version":"","path":""},"commands":{},"certificate":' +
        '{"notBefore":"2026-01-01T00:00:00Z","notAfter":"2027-01-01T00:00:00Z"},"importMs":1,"connectMs":1}',
    ],
    '"connected" as the end',
  ],
])("refuses %s on standard output and ends the session", async (_, Lines, text) => {
  const session = openSession();

  const error = await errorOf(read(session, call("Write-Output", { Lines })));

  expect(error.code).toBe("POWERSHELL_GARBLED");
  expect(error.message).toContain(text);
  expect(error.message).toContain("while running Write-Output");
  expect(session.isUsable).toBe(false);
  await expectGone(session.pid);
});

test("takes what is printed before it is ready for no PowerShell of ours", async () => {
  const session = openSession("prints-rubbish.js");

  const error = await errorOf(session.connect(connectRequest()));

  expect(error.code).toBe("POWERSHELL_GARBLED");
  expect(error.message).toContain('"WARNING: a new version is available" on its standard output while connecting');
});

test("ends a session that writes without a line's end, at 32 MiB", async () => {
  const session = openSession();

  const error = await errorOf(read(session, call("Write-Flood")));

  expect(error.code).toBe("POWERSHELL_GARBLED");
  expect(error.message).toContain("a line of more than 33554432 bytes");
  await expectGone(session.pid);
});

test("bears a flood on standard error, and keeps the last lines of it for an error", async () => {
  const session = openSession();

  await read(session, call("Write-Error", { Text: "noise noise noise", Times: 200_000 }));
  await read(session, call("Write-Error", { Text: '{"type":"done"}' }));
  const error = await errorOf(read(session, call("Write-Half")));

  const [, ...lines] = error.message.split("\n");
  expect(lines).toEqual([...Array(19).fill("noise noise noise"), '{"type":"done"}']);
});

test("keeps the password out of an error that quotes standard error", async () => {
  const session = openSession();

  const error = await errorOf(session.connect(connectRequest({ organization: "leaky.example" })));

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toMatch(/\ncannot take \*\*\*$/);
});

test("ends with a wrapper script what the script has started", async () => {
  const session = openSession("wrapper.sh");
  const [itself] = await read(session, call("Get-Itself"));

  process.kill(session.pid ?? 0, "SIGKILL");
  const error = await errorOf(read(session, call("Suspend-Process")));

  expect(error.code).toBe("POWERSHELL_EXITED");
  await expectGone(Number(itself?.pid));
});
