import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { vi } from "vitest";
import type { SecretOptions } from "#local/exchange/app-registration";
import type { Fault } from "#local/exchange/faults";
import type { Bench } from "#test/engine/functions/error-cases/bench";
import { type Check, ends } from "#test/engine/functions/error-cases/check";
import { onlyChild } from "#test/support/only-child";

type Secret = Record<string, string>;

const dayMs = 24 * 60 * 60 * 1000;
const daysOn = (days: number) => new Date(Date.now() + days * dayMs);

/** An addition by a session that begins like this. */
const additionAfter = (spoil: (bench: Bench) => unknown) =>
  ends("failed", async (bench) => {
    await spoil(bench);
    await bench.spoilSession();
    return bench.addition();
  });

const withEnvironment = (environment: Record<string, string>) =>
  ends("failed", async (bench) => {
    await bench.spoilSession(environment);
    return bench.addition();
  });

const withSecret = (change: (secret: Secret) => unknown) =>
  additionAfter(({ changes }) => {
    const changed = change({ ...changes.exchange.secret });
    changes.replaceSecretForGood(typeof changed === "string" ? changed : JSON.stringify(changed));
  });

const withCertificate = (options: SecretOptions) =>
  additionAfter(async ({ changes }) =>
    changes.replaceSecretForGood(JSON.stringify(await changes.exchange.app.issueSecret(options))),
  );

const withFault = (fault: Fault) => additionAfter((bench) => bench.fault(fault));

/** With a program in PowerShell's place. */
const withProgram = (script: string) =>
  ends("failed", async (bench) => {
    const path = join(bench.changes.folder, "pwsh");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    await bench.spoilSession({ POWERSHELL_PATH: path });
    return bench.addition();
  });

const neverAnswers = { name: "hang", cmdlet: "Get-DistributionGroup" } as const;

/** What keeps a session from being opened, or ends it. */
export const sessionCases = {
  // Ends the session that is open before any of the others opens its own.
  POWERSHELL_EXITED: ends("failed", (bench) => {
    const before = bench.changes.exchange.requests.length;
    bench.fault(neverAnswers);
    const meanwhile = async () => {
      await bench.untilAsked(neverAnswers.cmdlet, before);
      process.kill(await vi.waitFor(onlyChild), "SIGKILL");
    };
    return { ...bench.addition(), meanwhile };
  }),

  SECRET_NOT_FOUND: withEnvironment({ GATEWAY_SECRET_ID: "another" }),
  SECRET_UNREADABLE: additionAfter(({ changes }) => changes.secretsManager.faults.add({ kind: "accessDenied" })),

  CREDENTIAL_INVALID: withSecret(() => "{}"),
  CREDENTIAL_LEGACY: withSecret(() => ({ username: "admin@contoso.com", password: "secret" })),
  CERTIFICATE_NOT_PFX: withSecret((secret) => ({ ...secret, certificate: "bm8gY2VydGlmaWNhdGU=" })),
  CERTIFICATE_PASSWORD_WRONG: withSecret((secret) => ({ ...secret, certificate_password: "not this one" })),
  CERTIFICATE_WITHOUT_KEY: withCertificate({ hasKey: false }),
  CERTIFICATE_NOT_YET_VALID: withCertificate({ notBefore: daysOn(1), notAfter: daysOn(400) }),
  CERTIFICATE_EXPIRED: withCertificate({ notBefore: daysOn(-400), notAfter: daysOn(-1) }),

  CERTIFICATE_NOT_REGISTERED: withCertificate({ isRegistered: false }),
  APP_NOT_FOUND: withSecret((secret) => ({ ...secret, app_id: "11111111-2222-3333-4444-555555555555" })),
  TENANT_NOT_FOUND: withSecret((secret) => ({ ...secret, tenant_domain: "fabrikam.onmicrosoft.com" })),
  RESOURCE_NOT_FOUND: withFault({ name: "sign-in-refusal", value: 500011 }),
  CLOCK_WRONG: withFault({ name: "clock", value: 3_600 }),
  APP_ROLE_MISSING: withFault({ name: "no-app-role" }),
  DIRECTORY_ROLE_MISSING: withFault({ name: "no-directory-role" }),
  SIGN_IN_REFUSED: withFault({ name: "sign-in-refusal", value: 53003 }),
  SIGN_IN_FAILED: withFault({ name: "unavailable", host: "login" }),

  POWERSHELL_NOT_FOUND: withEnvironment({ POWERSHELL_PATH: "/no/such/pwsh" }),
  POWERSHELL_START_FAILED: withProgram("exit 134"),
  POWERSHELL_GARBLED: withProgram("echo 'Loading, please wait'; cat >/dev/null"),
  MODULE_UNUSABLE: withEnvironment({ EXCHANGE_MODULE_PATH: "/no/such/module" }),
  POWERSHELL_TIMEOUT: ends("failed", (bench) => {
    bench.changes.time.limitMs = 7_000;
    bench.fault(neverAnswers);
    return bench.addition();
  }),
} satisfies Record<string, Check>;
