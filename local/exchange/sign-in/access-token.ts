import { createPrivateKey, createPublicKey, type JsonWebKey, randomBytes, sign, verify } from "node:crypto";
import * as z from "zod";
import { createKeyPair, type KeyPair } from "#local/exchange/certificate";
import { decodeJwt, encodePart } from "#local/exchange/sign-in/jwt";

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
