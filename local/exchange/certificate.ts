import { constants, generateKeyPair, privateEncrypt, randomBytes, X509Certificate } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";

const generateKeys = promisify(generateKeyPair);

/** An RSA key pair; `privateKey` is PKCS #1 in PEM. */
export type KeyPair = { publicKey: string; privateKey: string };

export type Validity = { notBefore: Date; notAfter: Date };

/** A certificate with its private key, both in PEM. */
export type IssuedCertificate = { certificate: X509Certificate; pem: string; privateKey: string };

export type CertificateRequest = {
  commonName: string;
  keys: KeyPair;
  validity: Validity;
  extensions: readonly object[];
  /** Absent where the certificate signs itself. */
  issuer?: IssuedCertificate;
};

const hourMs = 3_600_000;

/** What says in front of a SHA-256 digest what it is. https://www.rfc-editor.org/rfc/rfc8017#section-9.2 */
const sha256Prefix = Buffer.from("3031300d060960864801650304020105000420", "hex");

export async function createKeyPair(keyBits = 2048): Promise<KeyPair> {
  return generateKeys("rsa", {
    modulusLength: keyBits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
}

/** Valid from a day ago, so that a client whose clock is behind accepts it too. */
export function validForDays(days: number): Validity {
  const now = Date.now();
  return { notBefore: new Date(now - 24 * hourMs), notAfter: new Date(now + days * 24 * hourMs) };
}

/** Signs a certificate with SHA-256. Subject and authority key identifiers are added to its extensions. */
export function issueCertificate(request: CertificateRequest): IssuedCertificate {
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
  sign(certificate, issuer?.privateKey ?? keys.privateKey);

  const pem = forge.pki.certificateToPem(certificate);
  return { certificate: new X509Certificate(pem), pem, privateKey: keys.privateKey };
}

/** Signs by OpenSSL: node-forge's own arithmetic takes 30 ms for each signature. */
function sign(certificate: forge.pki.Certificate, privateKey: string): void {
  const message = forge.md.sha256.create();
  const key = forge.pki.privateKeyFromPem(privateKey);
  key.sign = () => {
    const digest = Buffer.concat([sha256Prefix, Buffer.from(message.digest().getBytes(), "latin1")]);
    return privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, digest).toString("latin1");
  };
  certificate.sign(key, message);
}

/** 16 random bytes as hexadecimal text; the first is neither 0 nor a sign bit. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
