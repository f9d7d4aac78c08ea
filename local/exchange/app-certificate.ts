import forge from "node-forge";
import {
  createKeyPair,
  type IssuedCertificate,
  issueCertificate,
  type Validity,
  validForDays,
} from "#local/exchange/certificate";

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
