import { environments } from "#exchange/clouds";
import type { SecretOptions } from "#local/exchange/app-registration";
import type { LocalExchange } from "#local/exchange/server";

/** A tenant's Exchange Online, and the place its credential is stored in. */
export type Credentialed = { exchange: LocalExchange; storeSecret(text: string): void };

type BrokenCredential = {
  /** What is wrong, as it ends a sentence. */
  trouble: string;
  /** Makes it so. */
  arrange(credentialed: Credentialed): Promise<void> | void;
};

const dayMs = 24 * 60 * 60 * 1000;

/** What goes wrong with a secret, an app registration or the app's rights, by a short name. */
export const brokenCredentials = {
  "no-pfx": {
    trouble: "the certificate is base64 of something else",
    arrange: (own) => storeChanged(own, { certificate: Buffer.from("no certificate at all").toString("base64") }),
  },
  "password-wrong": {
    trouble: "the certificate's password is wrong",
    arrange: (own) => storeChanged(own, { certificate_password: "not this one" }),
  },
  "damaged-pfx": {
    trouble: "the certificate was damaged on the way",
    arrange: (own) => {
      const { certificate } = own.exchange.secret;
      storeChanged(own, { certificate: `${certificate.slice(0, 400)}AAAA${certificate.slice(404)}` });
    },
  },
  "no-private-key": {
    trouble: "the PFX lacks the private key",
    arrange: (own) => issue(own, { hasKey: false }),
  },
  "short-key": {
    trouble: "the key is too short",
    arrange: (own) => issue(own, { keyBits: 1024 }),
  },
  expired: {
    trouble: "the certificate has expired",
    arrange: (own) => issue(own, { notBefore: inDays(-400), notAfter: inDays(-1) }),
  },
  "not-yet-valid": {
    trouble: "the certificate is not yet valid",
    arrange: (own) => issue(own, { notBefore: inDays(1), notAfter: inDays(400) }),
  },
  unregistered: {
    trouble: "the certificate is not registered on the app",
    arrange: (own) => issue(own, { isRegistered: false }),
  },
  "unknown-app": {
    trouble: "the app is unknown",
    arrange: (own) => storeChanged(own, { app_id: "11111111-2222-3333-4444-555555555555" }),
  },
  "unknown-tenant": {
    trouble: "the tenant is unknown",
    arrange: (own) => storeChanged(own, { tenant_domain: `fabrikam.${environments.O365Default.domainSuffix}` }),
  },
  "no-app-role": {
    trouble: "the app role is missing",
    arrange: ({ exchange }) => {
      exchange.app.hasAppRole = false;
    },
  },
  "no-directory-role": {
    trouble: "the directory role is missing",
    arrange: ({ exchange }) => {
      exchange.app.hasDirectoryRole = false;
    },
  },
  "no-cmdlet": {
    trouble: "the app's role lacks a cmdlet",
    arrange: ({ exchange }) => {
      exchange.app.rights = { cmdlets: ["Get-User", "Get-DistributionGroup", "Get-DistributionGroupMember"] };
    },
  },
} as const satisfies Record<string, BrokenCredential>;

/** The right secret with something else in it, as an administrator stores it. */
export function storeChanged({ exchange, storeSecret }: Credentialed, changes: object): void {
  storeForGood({ ...exchange.secret, ...changes }, storeSecret);
}

async function issue({ exchange, storeSecret }: Credentialed, options: SecretOptions): Promise<void> {
  storeForGood(await exchange.app.issueSecret(options), storeSecret);
}

/** Twice, so that no earlier version can take its place. */
function storeForGood(secret: object, storeSecret: Credentialed["storeSecret"]): void {
  storeSecret(JSON.stringify(secret));
  storeSecret(JSON.stringify(secret));
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * dayMs);
}
