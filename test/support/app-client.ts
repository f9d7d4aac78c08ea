import { constants, createHash, randomUUID, sign } from "node:crypto";
import forge from "node-forge";
import type { Secret } from "#local/exchange/app-registration";
import type { LocalExchange } from "#local/exchange/server";
import { createHttpClient, type Received, type Sent } from "#test/support/http-client";

const signInHost = "https://login.microsoftonline.com";
const exchangeHost = "https://outlook.office365.com";

/** What is unusual about a token request. */
export type TokenRequest = {
  organization?: string;
  algorithm?: "PS256" | "RS256";
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  /** Replaces fields; one that is undefined is left out. */
  form?: Record<string, string | undefined>;
  secret?: Secret;
};

export type AppClient = ReturnType<typeof createAppClient>;

/** A client that signs in as the app does, with an assertion made here, and asks Exchange by hand. */
export function createAppClient(exchange: LocalExchange) {
  const http = createHttpClient(exchange);
  let token: string | undefined;

  const requestToken = (request: TokenRequest = {}): Promise<Received> => {
    const organization = request.organization ?? exchange.tenant.domain;
    return http.send(`${signInHost}/${organization}/oauth2/v2.0/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(formOf(exchange.secret, organization, request)).toString(),
    });
  };

  const send = async (path: string, { headers, ...rest }: Sent = {}): Promise<Received> => {
    token ??= (await requestToken()).json.access_token;
    const url = path.startsWith("https:") ? path : `${exchangeHost}${path}`;
    return http.send(url, { ...rest, headers: { authorization: `Bearer ${token}`, ...headers } });
  };

  const base = `/adminapi/beta/${exchange.tenant.id}`;
  return {
    http,
    requestToken,
    /** Asks Exchange with a token, which is got before the first request. */
    send,
    invoke: (
      cmdlet: string,
      parameters: object = {},
      { link = `${base}/InvokeCommand`, headers = {} }: Invocation = {},
    ) =>
      send(link, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } }),
      }),
    recipients: (query: string, headers: Record<string, string> = {}) =>
      send(`${base}/Recipient?${query}`, { headers }),
    base,
  };
}

type Invocation = { link?: string; headers?: Record<string, string> };

export function readPfx({ certificate, certificate_password: password }: Secret) {
  const pfx = forge.pkcs12.pkcs12FromAsn1(
    forge.asn1.fromDer(Buffer.from(certificate, "base64").toString("latin1")),
    password,
  );
  const bagsOf = (type: string) => pfx.getBags({ bagType: type })[type] ?? [];
  const found = bagsOf(forge.pki.oids.certBag ?? "")[0]?.cert;
  const key = bagsOf(forge.pki.oids.pkcs8ShroudedKeyBag ?? "")[0]?.key;
  if (!found) throw new Error("The PFX holds no certificate.");
  return {
    der: Buffer.from(forge.asn1.toDer(forge.pki.certificateToAsn1(found)).getBytes(), "latin1"),
    privateKey: key ? forge.pki.privateKeyToPem(key as forge.pki.rsa.PrivateKey) : undefined,
  };
}

function formOf(ownSecret: Secret, organization: string, request: TokenRequest): Record<string, string> {
  const { secret = ownSecret } = request;
  const form = {
    client_id: secret.app_id,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: signAssertion(secret, organization, request),
    scope: `${exchangeHost}/.default`,
    grant_type: "client_credentials",
    ...request.form,
  };
  return Object.fromEntries(Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
function signAssertion(secret: Secret, organization: string, request: TokenRequest): string {
  const { algorithm = "PS256", claims = {} } = request;
  const { der, privateKey } = readPfx(secret);
  const thumbprint = (hash: string) => createHash(hash).update(der).digest("base64url");
  const x5t = algorithm === "PS256" ? { "x5t#S256": thumbprint("sha256") } : { x5t: thumbprint("sha1") };
  const header = request.header ?? { alg: algorithm, typ: "JWT", ...x5t };
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    aud: `${signInHost}/${organization}/oauth2/v2.0/token`,
    iss: secret.app_id,
    sub: secret.app_id,
    jti: randomUUID(),
    nbf: String(now),
    exp: String(now + 600),
    ...claims,
  };
  const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const padding =
    algorithm === "PS256"
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { padding: constants.RSA_PKCS1_PADDING };
  const signature = sign("sha256", Buffer.from(text), { key: privateKey ?? "", ...padding });
  return `${text}.${signature.toString("base64url")}`;
}
