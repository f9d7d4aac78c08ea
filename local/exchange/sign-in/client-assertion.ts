import { constants, createHash, verify, type X509Certificate } from "node:crypto";
import * as z from "zod";
import type { AppRegistration } from "#local/exchange/app-registration";
import { decodeJwt, type Jwt } from "#local/exchange/sign-in/access-token";
import {
  applicationMismatch,
  assertionMalformed,
  assertionOutsideItsTime,
  audienceMismatch,
  certificateNotRegistered,
  keyExpired,
  keyTooShort,
  signatureInvalid,
  subjectMismatch,
} from "#local/exchange/sign-in/refusals";

/** How far a client's clock may be from the server's. */
const toleranceMs = 5 * 60_000;
const minimumKeyBits = 2048;

/** MSAL writes seconds since 1970 as text, others as numbers. */
const seconds = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
]);

const headerSchema = z.object({
  alg: z.enum(["PS256", "RS256"]),
  "x5t#S256": z.string().optional(),
  x5t: z.string().optional(),
});

const claimsSchema = z.object({
  aud: z.string(),
  iss: z.string(),
  sub: z.string(),
  jti: z.string().min(1),
  nbf: seconds,
  exp: seconds,
});

export type AssertionCheck = {
  app: AppRegistration;
  clientId: string;
  /** What the assertion may be made out to. */
  audiences: readonly string[];
  nowMs: number;
};

/**
 * Checks an assertion that a certificate signed, or throws the SignInRefusal.
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function checkAssertion(text: string, check: AssertionCheck): void {
  const jwt = decodeJwt(text);
  const header = headerSchema.safeParse(jwt?.header);
  const claims = claimsSchema.safeParse(jwt?.claims);
  if (!jwt || !header.success || !claims.success) throw assertionMalformed();

  const { iss, sub, aud, nbf, exp } = claims.data;
  if (iss !== sub) throw subjectMismatch();
  if (sub.toLowerCase() !== check.clientId.toLowerCase()) throw applicationMismatch();
  if (!check.audiences.includes(aud.toLowerCase())) throw audienceMismatch();
  checkSignature(jwt, header.data, check);
  const isInTime = nbf * 1000 - toleranceMs <= check.nowMs && check.nowMs <= exp * 1000 + toleranceMs;
  if (!isInTime) throw assertionOutsideItsTime(check.nowMs, nbf * 1000, exp * 1000);
}

function checkSignature(jwt: Jwt, header: z.infer<typeof headerSchema>, { app, nowMs }: AssertionCheck): void {
  const thumbprint = header["x5t#S256"] ?? header.x5t;
  if (thumbprint === undefined)
    throw assertionMalformed("Invalid JWT token. No certificate thumbprint specified in token header.");
  const hash = header["x5t#S256"] === undefined ? "sha1" : "sha256";
  const shown = Buffer.from(thumbprint, "base64url").toString("hex").toUpperCase();

  const certificate = app.certificates.find((candidate) => thumbprintOf(candidate, hash) === thumbprint);
  if (!certificate || Date.parse(certificate.validFrom) > nowMs) throw certificateNotRegistered(shown, app.appId);
  const keyBits = certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (keyBits < minimumKeyBits) throw keyTooShort(keyBits, minimumKeyBits);
  if (!isSignedBy(jwt, header.alg, certificate)) throw signatureInvalid(shown, certificate);
  if (Date.parse(certificate.validTo) < nowMs) throw keyExpired(app.appId);
}

function thumbprintOf(certificate: X509Certificate, hash: "sha1" | "sha256"): string {
  return createHash(hash).update(certificate.raw).digest("base64url");
}

function isSignedBy(jwt: Jwt, algorithm: "PS256" | "RS256", certificate: X509Certificate): boolean {
  const key =
    algorithm === "PS256"
      ? {
          key: certificate.publicKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        }
      : { key: certificate.publicKey, padding: constants.RSA_PKCS1_PADDING };
  return verify("sha256", Buffer.from(jwt.signedText), key, jwt.signature);
}
