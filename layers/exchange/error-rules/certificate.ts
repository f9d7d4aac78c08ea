import type { ErrorRule } from "#exchange/error-rule";

/** HRESULT 0x80070056, ERROR_INVALID_PASSWORD, as .NET gives it on every system. */
const invalidPassword = -2147024810;

/** What is said of a certificate that cannot be signed in with. */
export const certificateSentences = {
  CERTIFICATE_PASSWORD_WRONG:
    "The certificate cannot be opened with its password. Correct certificate_password in the secret; where that is right, the file was damaged on its way: store it again.",
  CERTIFICATE_WITHOUT_KEY:
    "The certificate has no RSA private key, so nobody can sign in with it. Export it again with its private key, as a .pfx file.",
  CERTIFICATE_EXPIRED:
    "The certificate's time is over. Make a new one, upload its public part to the app registration (Certificates & secrets), and store the new .pfx in the secret.",
  CERTIFICATE_NOT_YET_VALID:
    "The certificate's time has not begun. Wait for it, or store one that is valid now; if it should be, the clock is wrong.",
  CERTIFICATE_NOT_PFX:
    "The certificate is not a PFX that can be opened. Store the .pfx file, certificate and private key in one, as base64 text.",
} as const;

/** Opening the PFX, before anything is sent. The texts are those of worker/certificate.ps1. */
export const certificateRules: readonly ErrorRule[] = [
  certificateRule("CERTIFICATE_PASSWORD_WRONG", { hresult: invalidPassword }),
  certificateRule("CERTIFICATE_WITHOUT_KEY", { text: /has no private key|is not an RSA key/ }),
  certificateRule("CERTIFICATE_EXPIRED", { text: /certificate has expired/ }),
  certificateRule("CERTIFICATE_NOT_YET_VALID", { text: /certificate is not yet valid/ }),
  certificateRule("CERTIFICATE_NOT_PFX", {}),
];

function certificateRule(code: keyof typeof certificateSentences, conditions: Partial<ErrorRule>): ErrorRule {
  return { code, stages: ["certificate"], sentence: certificateSentences[code], ...conditions };
}
