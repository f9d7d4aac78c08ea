import { createPrivateKey, createPublicKey, type JsonWebKey, randomBytes, sign, verify } from "node:crypto";
import * as z from "zod";
import { createKeyPair, type KeyPair } from "#local/exchange/certificate";

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const domain = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

export function isGuid(text: string): boolean {
  return guid.test(text);
}

/** Whether a text can name a tenant at all: a GUID, or a domain. */
export function isTenantIdentifier(text: string): boolean {
  return isGuid(text) || domain.test(text);
}

const claimsSchema = z.looseObject({
  aud: z.string(),
  tid: z.string(),
  appid: z.string(),
  uti: z.string(),
  nbf: z.number(),
  exp: z.number(),
  roles: z.array(z.string()).default([]),
  /** Present where the client asked with a `claims` parameter, after a challenge. */
  xms_cc: z.array(z.string()).optional(),
});

type AccessTokenClaims = z.infer<typeof claimsSchema>;

/** Signs access tokens, and tells its own from others. */
export type AccessTokens = {
  /** `nbf`, `iat` and `exp` follow from the life in seconds. */
  issue(claims: Readonly<Record<string, unknown>>, nowMs: number, lifeSeconds: number): string;
  /** The claims of a token that is valid now for this audience, else undefined. */
  read(token: string, audience: string, nowMs: number): AccessTokenClaims | undefined;
  /** The public key, for the discovery document's `jwks_uri`. */
  publicKeys(): readonly JsonWebKey[];
};

/** Tokens count as valid this long before they were issued, as Entra ID's do. */
const backdatedSeconds = 300;

export async function createAccessTokens(): Promise<AccessTokens> {
  const keys = await createKeyPair();
  const keyId = randomBytes(20).toString("base64url");
  return {
    issue: (claims, nowMs, lifeSeconds) => issue(keys, keyId, claims, nowMs, lifeSeconds),
    read: (token, audience, nowMs) => read(keys, token, audience, nowMs),
    publicKeys: () => [
      { ...createPublicKey(keys.publicKey).export({ format: "jwk" }), use: "sig", kid: keyId, x5t: keyId },
    ],
  };
}

function issue(
  keys: KeyPair,
  keyId: string,
  claims: Readonly<Record<string, unknown>>,
  nowMs: number,
  lifeSeconds: number,
): string {
  const now = Math.floor(nowMs / 1000);
  const times = { iat: now - backdatedSeconds, nbf: now - backdatedSeconds, exp: now + lifeSeconds };
  const uti = randomBytes(16).toString("base64url");
  const header = encodePart({ typ: "JWT", alg: "RS256", x5t: keyId, kid: keyId });
  const signedText = `${header}.${encodePart({ ...claims, ...times, uti, ver: "1.0" })}`;
  const signature = sign("sha256", Buffer.from(signedText), createPrivateKey(keys.privateKey));
  return `${signedText}.${signature.toString("base64url")}`;
}

function read(keys: KeyPair, token: string, audience: string, nowMs: number): AccessTokenClaims | undefined {
  const jwt = decodeJwt(token);
  if (jwt?.header.alg !== "RS256") return undefined;
  if (!verify("sha256", Buffer.from(jwt.signedText), createPublicKey(keys.publicKey), jwt.signature)) return undefined;
  const claims = claimsSchema.safeParse(jwt.claims).data;
  if (!claims || claims.aud !== audience) return undefined;
  const now = nowMs / 1000;
  return claims.nbf <= now && now < claims.exp ? claims : undefined;
}

const part = /^[A-Za-z0-9_-]+$/;
const jsonObject = z.record(z.string(), z.unknown());

/** A JSON Web Token taken apart; its signature is not checked. https://www.rfc-editor.org/rfc/rfc7519 */
export type Jwt = {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  signature: Buffer;
  /** What the signature is made over. */
  signedText: string;
};

/** Undefined where the text is no JWT. */
export function decodeJwt(text: string): Jwt | undefined {
  const parts = text.split(".");
  const [header = "", claims = "", signature = ""] = parts;
  if (parts.length !== 3 || !parts.every((each) => part.test(each))) return undefined;
  const decodedHeader = decodeObject(header);
  const decodedClaims = decodeObject(claims);
  if (!decodedHeader || !decodedClaims) return undefined;
  return {
    header: decodedHeader,
    claims: decodedClaims,
    signature: Buffer.from(signature, "base64url"),
    signedText: `${header}.${claims}`,
  };
}

function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decodeObject(encoded: string): Record<string, unknown> | undefined {
  try {
    return jsonObject.safeParse(JSON.parse(Buffer.from(encoded, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
