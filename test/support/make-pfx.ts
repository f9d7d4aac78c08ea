import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";

/** A PFX as an administrator makes one, and the PEM and DER forms people send instead of it. */
export function makePfx(password: string) {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const privateKey = forge.pki.privateKeyFromPem(keys.privateKey.export({ type: "pkcs1", format: "pem" }).toString());
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey.export({ type: "spki", format: "pem" }).toString());
  certificate.serialNumber = "01";
  certificate.validity.notBefore = new Date("2024-01-01T00:00:00Z");
  certificate.validity.notAfter = new Date("2034-01-01T00:00:00Z");
  certificate.setSubject([{ name: "commonName", value: "gateway" }]);
  certificate.setIssuer(certificate.subject.attributes);
  certificate.sign(privateKey, forge.md.sha256.create());

  const pfx = forge.pkcs12.toPkcs12Asn1(privateKey, [certificate], password, { algorithm: "3des" });
  return {
    pfx: Buffer.from(forge.asn1.toDer(pfx).getBytes(), "latin1"),
    cer: Buffer.from(forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes(), "latin1"),
    pem: forge.pki.certificateToPem(certificate),
  };
}
