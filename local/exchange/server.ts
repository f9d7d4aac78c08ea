import { environments, hostsOf } from "#exchange/clouds";
import { pageRows } from "#facts/page-rows";
import { PageLinks } from "#local/exchange/admin-api/page-links";
import {
  AppRegistration,
  type AppRegistrationOptions,
  type Secret,
  type SecretOptions,
} from "#local/exchange/app-registration";
import { createCertificateAuthority } from "#local/exchange/certificate";
import type { Exchange } from "#local/exchange/exchange";
import { FaultSwitches } from "#local/exchange/fault-switches";
import type { Fault } from "#local/exchange/faults";
import { createHosts } from "#local/exchange/hosts";
import { startProxy } from "#local/exchange/proxy";
import { createRequestHandler, type LoggedRequest } from "#local/exchange/request-handler";
import { createAccessTokens } from "#local/exchange/sign-in/access-token";
import type { Tenant } from "#local/exchange/tenant/tenant";
import type { ExchangeEnvironmentName } from "#runtime/configuration";

export type ExchangeOptions = {
  tenant: Tenant;
  /** Delays every answer. */
  delayMs?: number;
  faults?: readonly Fault[];
  app?: AppRegistrationOptions;
  /** What is unusual about the certificate of `secret`. */
  certificate?: SecretOptions;
  /** Which of Microsoft's clouds is played; the worldwide one by default. */
  environment?: ExchangeEnvironmentName;
  tokenLifeSeconds?: number;
  /** What one answer holds at most; what Microsoft's own does, by default. */
  pageRows?: number;
  /** How long links to next pages count. */
  linkLifeMs?: number;
  /** How long served cmdlets wait before they repeat a request for the first time; then twice as long, and so on. */
  repeatBaseMs?: number;
  /** Called with each request, which is carried out and answered once it is done. */
  beforeAnswer?: (request: LoggedRequest) => Promise<void> | void;
};

export type LocalExchange = {
  /** The proxy's URL, for HTTPS_PROXY. */
  proxy: string;
  /** The authority that signed the hosts' certificates, in PEM, for SSL_CERT_FILE. */
  caCertificate: string;
  environment: ExchangeEnvironmentName;
  tenant: Tenant;
  app: AppRegistration;
  secret: Secret;
  faults: FaultSwitches;
  requests: readonly LoggedRequest[];
  /** Ends every connection at once. */
  stop(): Promise<void>;
};

const linkLifeMs = 30 * 60_000;
const tokenLifeSeconds = 3_599;
const repeatBaseMs = 2_000;

/**
 * Starts an Exchange Online that holds one tenant, behind a proxy on a free port. Clients reach it under Microsoft's own
 * host names through the proxy, and trust it by its certificate authority.
 */
export async function startExchange(options: ExchangeOptions): Promise<LocalExchange> {
  const { tenant, environment: environmentName = "O365Default", delayMs = 0, beforeAnswer = () => {} } = options;
  const environment = environments[environmentName];
  const app = new AppRegistration(tenant.domain, options.app);
  const [authority, tokens, secret] = await Promise.all([
    createCertificateAuthority(),
    createAccessTokens(),
    app.issueSecret(options.certificate),
  ]);
  const exchange: Exchange = {
    environment,
    tenant,
    app,
    tokens,
    tokenLifeSeconds: options.tokenLifeSeconds ?? tokenLifeSeconds,
    pageLinks: new PageLinks(options.linkLifeMs ?? linkLifeMs),
    pageRows: options.pageRows ?? pageRows,
    repeatBaseMs: options.repeatBaseMs ?? repeatBaseMs,
  };

  const faults = new FaultSwitches(options.faults);
  const requests: LoggedRequest[] = [];
  const handle = createRequestHandler({ exchange, faults, requests, delayMs, beforeAnswer });
  const hosts = createHosts(hostsOf(environment), authority, handle);
  const proxy = await startProxy(hostsOf(environment), hosts.accept);
  return {
    proxy: proxy.url,
    caCertificate: authority.pem,
    environment: environmentName,
    tenant,
    app,
    secret,
    faults,
    requests,
    stop: proxy.stop,
  };
}
