import { expect, test } from "vitest";
import type { PowerShellSession } from "#powershell/session";
import { deadlineIn } from "#runtime/deadline";
import { call, connectRequest, errorOf, expectGone, openSession, read } from "#test/engine/layers/powershell/scripted";
import { holdTime } from "#test/support/held-time";

const stopGraceMs = 100;
const limitMs = 60_000;

test("ends a PowerShell that hangs, and does not stop, when the deadline passes", async () => {
  const session = await openRunningSession();

  const error = await errorOf(read(session, call("Suspend-Process", {}, 1_000)));

  expect(error.code).toBe("POWERSHELL_TIMEOUT");
  expect(error.message).toBe(
    "The deadline passed while running Suspend-Process. PowerShell was ended, for it did not stop.",
  );
  expect(session.isUsable).toBe(false);
  await expectGone(session.pid);
});

test("kills a PowerShell that does not heed SIGTERM", async () => {
  const session = await openRunningSession();
  const passTime = holdTime();
  const rows = session.invoke(call("Suspend-Stubbornly", {}, limitMs));
  await rows.next();
  const error = errorOf(rows.next());
  await passTime(limitMs + stopGraceMs);

  expect((await error).code).toBe("POWERSHELL_TIMEOUT");
  await expectGone(session.pid);
});

test("tells what PowerShell had to say before the deadline", async () => {
  const session = openSession("worker.js", { stopGraceMs });
  await read(session, call("Write-Error", { Text: "waiting for the network" }));

  const error = await errorOf(read(session, call("Suspend-Process", {}, 1_000)));

  expect(error.message).toMatch(/did not stop\. Its last lines on standard error:\nwaiting for the network$/);
});

test("ends a PowerShell that is never ready when the deadline of connecting passes", async () => {
  const session = openSession("never-ready.js");

  const error = await errorOf(session.connect(connectRequest({ deadline: deadlineIn(200) })));

  expect(error.code).toBe("POWERSHELL_TIMEOUT");
  expect(error.message).toContain("while connecting, before PowerShell was ready");
  await expectGone(session.pid);
});

test("ends PowerShell at the deadline although nobody asks for the next row, and says so when somebody does", async () => {
  const session = await openRunningSession();
  const passTime = holdTime();
  const rows = session.invoke(call("Get-Endless", {}, limitMs));
  await rows.next();
  await passTime(limitMs + stopGraceMs);

  await expectGone(session.pid);
  const error = await errorOf(rows.next());

  expect(error.code).toBe("POWERSHELL_TIMEOUT");
});

test("takes an answer that has come whole although its deadline passed before it was read", async () => {
  const session = await openRunningSession();
  const rows = '{"type":"rows","id":ID,"rows":[{"Index":1}]}';
  const done = '{"type":"done","id":ID,"rows":2,"warnings":[],"memoryBytes":1}';
  const passTime = holdTime();
  const reading = session.invoke(call("Write-Output", { Lines: [rows, rows, done] }, limitMs));
  await reading.next();
  await passTime(limitMs);

  expect(await Array.fromAsync(reading)).toEqual([{ Index: 1 }]);
});

test("ends nothing when the deadline of an answered call passes", async () => {
  const session = await openRunningSession();
  const passTime = holdTime();
  await read(session, call("Get-Rows", { Count: 5 }, limitMs));

  await passTime(limitMs + stopGraceMs);

  expect(session.isUsable).toBe(true);
  expect(await read(session, call("Get-Rows", { Count: 5 }))).toHaveLength(5);
});

test("refuses a call after a deadline, without a time-out of its own", async () => {
  const session = openSession("worker.js", { stopGraceMs });
  await errorOf(read(session, call("Suspend-Process", {}, 1_000)));

  const error = await errorOf(read(session, call("Get-Rows", { Count: 5 })));

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toContain("The session had ended before this call: The deadline passed");
});

/** A session whose PowerShell is up. */
async function openRunningSession(): Promise<PowerShellSession> {
  const session = openSession("worker.js", { stopGraceMs });
  await session.connect(connectRequest());
  return session;
}
