import { expect, test } from "vitest";
import { deadlineIn } from "#runtime/deadline";
import { errorOf, expectGone, openSession } from "#test/engine/layers/powershell/scripted";

test("tells the time here and at a host", async () => {
  const session = openSession();

  const clock = await session.inspectClock({ hostName: "host.example", deadline: deadlineIn(60_000) });

  expect(clock).toMatchObject({
    localTime: new Date("2026-01-31T10:00:00.500Z"),
    serverTime: new Date("2026-01-31T09:58:00Z"),
  });
  expect(session.isUsable).toBe(true);
});

test("refuses another answer than the one that was asked for, and ends the session", async () => {
  const session = openSession();

  const error = await errorOf(session.inspectClock({ hostName: "wrong.example", deadline: deadlineIn(60_000) }));

  expect(error.code).toBe("POWERSHELL_GARBLED");
  expect(error.message).toContain('"done" in place of "clock"');
  await expectGone(session.pid);
});

test("keeps the password of a certificate out of what PowerShell wrote last", async () => {
  const session = openSession();
  const request = { certificate: "TUlJSw==", certificatePassword: "pa$$w0rd", deadline: deadlineIn(60_000) };

  const error = await errorOf(session.inspectCertificate(request));

  expect(error.code).toBe("POWERSHELL_EXITED");
  expect(error.message).toMatch(/while opening the certificate\..*\ncannot take \*\*\*$/s);
});

test("looks for the module before anything is sent", async () => {
  const session = openSession("worker.js", { modulePath: "/no/such/module" });

  const error = await errorOf(session.inspectModule({ deadline: deadlineIn(60_000) }));

  expect(error.code).toBe("MODULE_UNUSABLE");
  expect(session.isUsable).toBe(true);
});
