import { expect, vi } from "vitest";
import { createExchangeClient } from "#exchange/client";
import { getUser } from "#exchange/cmdlets/get-user";
import type { Credential } from "#exchange/credential/credential";
import type { SessionManagerOptions } from "#exchange/session/session-manager";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import type { SecretStage } from "#storage/secrets";
import { failureOf, refusedSignIn } from "#test/support/error-records";
import { guardMs } from "#test/support/eventually";
import { type ConnectStep, credential, type Scenario, scriptExchange } from "#test/support/script-exchange";

type Version = Credential | ExchangeError;

export const oldCredential = credential;
export const newCredential: Credential = { ...credential, certificatePassword: "new" };

/** A sign-in that Microsoft Entra ID refuses. */
export const refusedConnect = (description: string): ConnectStep => ({
  failed: failureOf("connect", refusedSignIn(description)),
});
export const unregistered = refusedConnect("AADSTS700027: The certificate is not registered on application.");

/** A client on scripted PowerShell, whose secret can be replaced and whose clock can be put forward. */
export function startRotatingClient(scenarios: Scenario[], options: Partial<SessionManagerOptions> = {}) {
  vi.useFakeTimers({ toFake: ["Date"] });
  const exchange = scriptExchange(...scenarios);
  const secret: Record<SecretStage, Version> = {
    AWSCURRENT: oldCredential,
    AWSPREVIOUS: new ExchangeError("SECRET_NOT_FOUND", "There is no version before."),
  };
  const readCredential = vi.fn(async (stage: SecretStage) => {
    const version = secret[stage];
    if (version instanceof ExchangeError) throw version;
    return version;
  });
  const client = createExchangeClient({ ...exchange, environmentName: "O365Default", readCredential, ...options });
  const read = () => Array.fromAsync(client.read(getUser, { ResultSize: 1 }, { deadline: deadlineIn(guardMs) }));
  const processes = () => exchange.starts().map(({ pid }) => pid);

  return {
    client,
    exchange,
    readCredential,

    replaceSecret: (version: Version) => {
      secret.AWSPREVIOUS = secret.AWSCURRENT;
      secret.AWSCURRENT = version;
    },
    passTime: (ms: number) => vi.setSystemTime(Date.now() + ms),

    read,
    /** Reads, and answers which start of PowerShell the call went to, counted from 1. */
    readFrom: async () => {
      await read();
      return processes().indexOf(exchange.invokes().at(-1)?.pid ?? 0) + 1;
    },
    /** The certificate's password of each sign-in that was tried. */
    signIns: () =>
      exchange.requests().flatMap(({ op, certificatePassword }) => (op === "connect" ? [certificatePassword] : [])),
    running: exchange.running,

    stop: async () => {
      await client.close();
      expect(exchange.running()).toEqual([]);
      vi.useRealTimers();
    },
  };
}

export type RotatingClient = ReturnType<typeof startRotatingClient>;
