import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  call,
  connectRequest,
  errorOf,
  expectGone,
  isAlive,
  openSession,
  programPath,
  read,
} from "#test/engine/layers/powershell/scripted";

/** From now on no grace ends: what ends by itself, or is ended at once, does all the same. */
function stopTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

test("lets an idle PowerShell end by itself", async () => {
  const session = openSession();
  await session.connect(connectRequest());
  stopTimers();

  await session.close();

  expect(isAlive(Number(session.pid))).toBe(false);
  expect(session.isUsable).toBe(false);
});

test("closes a session before PowerShell is ready", async () => {
  const session = openSession();

  await session.close();

  expect(isAlive(Number(session.pid))).toBe(false);
});

test("does not wait for a PowerShell that nothing was asked of", async () => {
  const session = openSession("never-ready.js");
  stopTimers();

  await session.close();

  expect(isAlive(Number(session.pid))).toBe(false);
});

test("closes a session whose PowerShell was never there", async () => {
  const session = openSession("no-such-program");

  await session.close();

  expect(session.isUsable).toBe(false);
});

test.each([
  ["the end of its standard input", false],
  ["SIGTERM", true],
])("ends a PowerShell that does not heed %s", async (_, Always) => {
  const session = openSession();
  await read(session, call("Set-Stubborn", { Always }));

  await session.close();

  expect(isAlive(Number(session.pid))).toBe(false);
});

test("may be closed twice, and at once", async () => {
  const session = openSession();
  await session.connect(connectRequest());

  await Promise.all([session.close(), session.close()]);
  await session.close();

  expect(isAlive(Number(session.pid))).toBe(false);
});

test("fails the call under way when it is closed", async () => {
  const session = openSession();
  const reading = errorOf(read(session, call("Suspend-Process")));

  await session.close();
  const error = await reading;

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toContain("closed while running Suspend-Process");
});

test("fails the next row when it is closed between two, although that row has arrived", async () => {
  const session = openSession();
  const rows = session.invoke(call("Get-Rows", { Count: 40, Size: 1 }));
  await rows.next();

  await session.close();
  const error = await errorOf(rows.next());

  expect(error.code).toBe("POWERSHELL_EXITED");
});

test("refuses a call after it was closed", async () => {
  const session = openSession();
  await session.close();

  const error = await errorOf(session.connect(connectRequest()));

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toContain("The session was closed.");
});

test.each(["leaves", "exits", "is killed"])(
  "ends PowerShell and its files when the process that owns it %s",
  async (how) => {
    // Sessions of others remove what a killed one left behind.
    const TMPDIR = mkdtempSync(join(tmpdir(), "session-close-test-"));
    onTestFinished(() => rmSync(TMPDIR, { recursive: true, force: true }));
    const owner = spawn(process.execPath, [programPath("owner.ts"), how], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, TMPDIR },
    });
    const [line] = await once(owner.stdout, "data");
    const { pid, directory } = JSON.parse(String(line));

    if (how === "is killed") owner.kill("SIGKILL");
    await once(owner, "exit");

    await expectGone(pid);
    expect(existsSync(directory)).toBe(how === "is killed");
  },
);
