import type { ErrorRule } from "#exchange/error-rule";

/** HRESULT 0x80070056, ERROR_INVALID_PASSWORD, as .NET gives it on every system. */
const invalidPassword = -2147024810;

/** Opening the PFX, before anything is sent. The texts are those of worker/certificate.ps1. */
export const certificateRules: readonly ErrorRule[] = [
  {
    code: "CERTIFICATE_PASSWORD_WRONG",
    stages: ["certificate"],
    hresult: invalidPassword,
    sentence: "The certificate cannot be opened with its password. Correct certificate_password in the secret.",
  },
  {
    code: "CERTIFICATE_WITHOUT_KEY",
    stages: ["certificate"],
    text: /has no private key|is not an RSA key/,
    sentence:
      "The certificate has no RSA private key, so nobody can sign in with it. Export it again with its private key, as a .pfx file.",
  },
  {
    code: "CERTIFICATE_EXPIRED",
    stages: ["certificate"],
    text: /certificate has expired/,
    sentence:
      "The certificate's time is over. Make a new one, upload its public part to the app registration (Certificates & secrets), and store the new .pfx in the secret.",
  },
  {
    code: "CERTIFICATE_NOT_YET_VALID",
    stages: ["certificate"],
    text: /certificate is not yet valid/,
    sentence:
      "The certificate's time has not begun. Wait for it, or store one that is valid now; if it should be, the clock is wrong.",
  },
  {
    code: "CERTIFICATE_NOT_PFX",
    stages: ["certificate"],
    sentence:
      "The certificate is not a PFX that can be opened. Store the .pfx file, certificate and private key in one, as base64 text.",
  },
];
