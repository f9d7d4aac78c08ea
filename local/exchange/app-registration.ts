import { randomBytes, randomUUID, type X509Certificate } from "node:crypto";
import { type AppCertificateOptions, createAppCertificate, toPfx } from "#local/exchange/certificate";

/** What Exchange's roles let an app do: every served cmdlet with every parameter, unless limited. */
export type AppRights = {
  /** The only cmdlets the app may run. */
  cmdlets?: readonly string[];
  /** Cmdlets the app may not run. */
  withoutCmdlets?: readonly string[];
  /** By cmdlet, the parameters the app may not use. */
  withoutParameters?: Readonly<Record<string, readonly string[]>>;
};

/** Names count in any letter case. */
export function mayRun(rights: AppRights, cmdlet: string): boolean {
  const isNamed = (names: readonly string[]) => names.some((name) => isSameName(name, cmdlet));
  return (rights.cmdlets === undefined || isNamed(rights.cmdlets)) && !isNamed(rights.withoutCmdlets ?? []);
}

export function mayUseParameter(rights: AppRights, cmdlet: string, parameter: string): boolean {
  return !parametersWithheld(rights, cmdlet).some((name) => isSameName(name, parameter));
}

export function parametersWithheld(rights: AppRights, cmdlet: string): readonly string[] {
  const entry = Object.entries(rights.withoutParameters ?? {}).find(([name]) => isSameName(name, cmdlet));
  return entry?.[1] ?? [];
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The credential as a customer hands it over. */
export type Secret = {
  app_id: string;
  tenant_domain: string;
  /** A PFX, base64. */
  certificate: string;
  certificate_password: string;
  /** yyyy-MM-dd, UTC. */
  certificate_expires_on: string;
};

export type AppRegistrationOptions = {
  /** Whether the app has Exchange.ManageAsApp, with an administrator's consent. */
  hasAppRole?: boolean;
  /** Whether its service principal is an Exchange Administrator. */
  hasDirectoryRole?: boolean;
  rights?: AppRights;
};

export type SecretOptions = AppCertificateOptions & {
  /** Whether the certificate is uploaded to the app registration. */
  isRegistered?: boolean;
  /** Whether the PFX holds the private key. */
  hasKey?: boolean;
};

/** An app in the tenant, with a service principal. Roles and rights may change while the server runs. */
export class AppRegistration {
  readonly appId = randomUUID();
  /** The service principal's object id. */
  readonly servicePrincipalId = randomUUID();
  readonly displayName = "exchange-online-gateway";
  readonly tenantDomain: string;
  hasAppRole: boolean;
  hasDirectoryRole: boolean;
  rights: AppRights;
  readonly #certificates: X509Certificate[] = [];

  constructor(tenantDomain: string, options: AppRegistrationOptions = {}) {
    this.tenantDomain = tenantDomain;
    this.hasAppRole = options.hasAppRole ?? true;
    this.hasDirectoryRole = options.hasDirectoryRole ?? true;
    this.rights = options.rights ?? {};
  }

  /** The certificates an assertion may be signed with. */
  get certificates(): readonly X509Certificate[] {
    return this.#certificates;
  }

  register(certificate: X509Certificate): void {
    this.#certificates.push(certificate);
  }

  /** Takes every certificate off the app, as an administrator who tidies up too much. */
  unregisterAll(): void {
    this.#certificates.length = 0;
  }

  /** A new certificate, registered unless said otherwise, as the secret a client signs in with. */
  async issueSecret({
    isRegistered = true,
    hasKey = true,
    ...certificateOptions
  }: SecretOptions = {}): Promise<Secret> {
    const issued = await createAppCertificate(certificateOptions);
    if (isRegistered) this.register(issued.certificate);
    const password = randomBytes(18).toString("base64");
    return {
      app_id: this.appId,
      tenant_domain: this.tenantDomain,
      certificate: toPfx(issued, password, { hasKey }),
      certificate_password: password,
      certificate_expires_on: new Date(issued.certificate.validTo).toISOString().slice(0, 10),
    };
  }
}
