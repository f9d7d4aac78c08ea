import { generateKeyPair, randomBytes, sign, X509Certificate } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";

const days = 365;

/** What is unusual about an app's certificate; by default it has 2048 bits and is valid for a year. */
export type AppCertificateOptions = Partial<Validity> & { keyBits?: number };

/** A self-signed certificate as an administrator makes one for an app registration. */
export async function createAppCertificate(options: AppCertificateOptions = {}): Promise<IssuedCertificate> {
  const validity = validForDays(days);
  return issueCertificate({
    commonName: "exchange-online-gateway",
    keys: await createKeyPair(options.keyBits),
    validity: { notBefore: options.notBefore ?? validity.notBefore, notAfter: options.notAfter ?? validity.notAfter },
    extensions: [
      { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
      { name: "extKeyUsage", clientAuth: true },
    ],
  });
}

/**
 * A PFX, base64: certificate and key under a password. Triple DES is what .NET and OpenSSL 3 both read whatever letters
 * the password has; `hasKey: false` leaves the key out.
 */
export function toPfx({ pem, privateKey }: IssuedCertificate, password: string, { hasKey = true } = {}): string {
  const key = hasKey ? forge.pki.privateKeyFromPem(privateKey) : null;
  // The type says that a key is needed; without one node-forge writes the certificate alone.
  const pfx = forge.pkcs12.toPkcs12Asn1(key as forge.pki.rsa.PrivateKey, forge.pki.certificateFromPem(pem), password, {
    algorithm: "3des",
  });
  return Buffer.from(forge.asn1.toDer(pfx).getBytes(), "latin1").toString("base64");
}

const authorityDays = 365;
/** Below what clients allow a server's certificate at most (398 days). */
const serverDays = 180;

/** Signs the certificates of the hosts that are played. Whoever trusts `pem` trusts them. */
export type CertificateAuthority = {
  pem: string;
  issueServerCertificate(host: string): IssuedCertificate;
};

/** A new authority with a new key, known to nobody else; its servers share another. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const [keys, serverKeys] = await Promise.all([createKeyPair(), createKeyPair()]);
  const authority = issueCertificate({
    commonName: "Local Exchange Online CA",
    keys,
    validity: validForDays(authorityDays),
    extensions: [
      { name: "basicConstraints", critical: true, cA: true, pathLenConstraint: 0 },
      { name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
    ],
  });
  return {
    pem: authority.pem,
    issueServerCertificate: (host) => issueServerCertificate(authority, serverKeys, host),
  };
}

function issueServerCertificate(issuer: IssuedCertificate, keys: KeyPair, host: string): IssuedCertificate {
  return issueCertificate({
    commonName: host,
    keys,
    validity: validForDays(serverDays),
    issuer,
    extensions: [
      { name: "basicConstraints", critical: true, cA: false },
      { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
    ],
  });
}

const generateKeys = promisify(generateKeyPair);

/** An RSA key pair; `privateKey` is PKCS #1 in PEM. */
export type KeyPair = { publicKey: string; privateKey: string };

type Validity = { notBefore: Date; notAfter: Date };

/** A certificate with its private key, both in PEM. */
export type IssuedCertificate = { certificate: X509Certificate; pem: string; privateKey: string };

type CertificateRequest = {
  commonName: string;
  keys: KeyPair;
  validity: Validity;
  extensions: readonly object[];
  /** Absent where the certificate signs itself. */
  issuer?: IssuedCertificate;
};

const hourMs = 3_600_000;

export async function createKeyPair(keyBits = 2048): Promise<KeyPair> {
  return generateKeys("rsa", {
    modulusLength: keyBits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
}

/** Valid from a day ago, so that a client whose clock is behind accepts it too. */
function validForDays(days: number): Validity {
  const now = Date.now();
  return { notBefore: new Date(now - 24 * hourMs), notAfter: new Date(now + days * 24 * hourMs) };
}

/** Signs a certificate with SHA-256. Subject and authority key identifiers are added to its extensions. */
function issueCertificate(request: CertificateRequest): IssuedCertificate {
  const { commonName, keys, validity, issuer } = request;
  const issuerCertificate = issuer ? forge.pki.certificateFromPem(issuer.pem) : undefined;
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = validity.notBefore;
  certificate.validity.notAfter = validity.notAfter;
  certificate.setSubject([{ name: "commonName", value: commonName }]);
  certificate.setIssuer((issuerCertificate ?? certificate).subject.attributes);
  const authorityKey = (issuerCertificate ?? certificate).generateSubjectKeyIdentifier().getBytes();
  certificate.setExtensions([
    ...request.extensions,
    { name: "subjectKeyIdentifier" },
    { name: "authorityKeyIdentifier", keyIdentifier: authorityKey },
  ]);
  certificate.sign(signingKey(certificate, issuer?.privateKey ?? keys.privateKey), forge.md.sha256.create());

  const pem = forge.pki.certificateToPem(certificate);
  return { certificate: new X509Certificate(pem), pem, privateKey: keys.privateKey };
}

/** Signs what is to be signed of a certificate as node-forge's own key would, and far sooner. */
function signingKey(certificate: forge.pki.Certificate, privateKey: string): forge.pki.rsa.PrivateKey {
  const signs = () => {
    const signed = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), "latin1");
    return sign("sha256", signed, privateKey).toString("latin1");
  };
  return { sign: signs } as unknown as forge.pki.rsa.PrivateKey;
}

/** 16 random bytes as hexadecimal text; the first is neither 0 nor a sign bit. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
