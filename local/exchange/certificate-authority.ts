import {
  createKeyPair,
  type IssuedCertificate,
  issueCertificate,
  type KeyPair,
  validForDays,
} from "#local/exchange/certificate";

const authorityDays = 365;
/** Below what clients allow a server's certificate at most (398 days). */
const serverDays = 180;

/** Signs the certificates of the hosts that are played. Whoever trusts `pem` trusts them. */
export type CertificateAuthority = {
  pem: string;
  issueServerCertificate(host: string): IssuedCertificate;
};

/** A new authority with new keys, known to nobody else: one of its own, and one that its hosts share. */
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
