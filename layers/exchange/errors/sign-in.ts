import { appPermission, type ExchangeEnvironment } from "#exchange/clouds";
import type { AdviceInCloud, ErrorRule } from "#exchange/errors/rule";
import type { Advice } from "#runtime/errors";

const certificatesOf = ({ portalHost }: ExchangeEnvironment) =>
  `the app registration (https://${portalHost}, App registrations, the app, Certificates & secrets)`;

/** What MSAL throws for what Microsoft Entra ID answers. */
const serviceErrors = ["MsalServiceException", "MsalThrottledServiceException"];

const entraThrottles: Advice = {
  what: "Microsoft Entra ID takes no more sign-ins for now.",
  fix: "Try again in a few minutes.",
};
const entraIsOut: Advice = {
  what: "Microsoft Entra ID could not answer just now.",
  fix: "Try again in a few minutes.",
};

/** Refusals and failures of Microsoft Entra ID. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export const signInRules: readonly ErrorRule[] = [
  {
    code: "CERTIFICATE_EXPIRED",
    text: /AADSTS7000222\b|Reason - The key used is expired/,
    advice: (environment) => ({
      what: "Microsoft Entra ID says that the certificate has expired.",
      fix: `Make a new one, upload its public part to ${certificatesOf(environment)}, and store the new .pfx in the secret.`,
    }),
  },
  {
    code: "CERTIFICATE_NOT_REGISTERED",
    text: /AADSTS700027\b.{0,500}key size/s,
    advice: (environment) => ({
      what: "Microsoft Entra ID does not take so short a key.",
      fix: `Make a certificate with an RSA key of 2048 bits or more, upload its public part to ${certificatesOf(environment)}, and store the new .pfx in the secret.`,
    }),
  },
  {
    code: "CERTIFICATE_NOT_REGISTERED",
    text: /AADSTS(?:700027|50012|50013)\b/,
    advice: (environment) => ({
      what: "The certificate is not one of the app's.",
      fix: `Upload its public part (.cer) to ${certificatesOf(environment)}, or store the .pfx that belongs to the one that is there.`,
    }),
  },
  {
    code: "CLOCK_WRONG",
    text: /AADSTS700024\b/,
    advice: {
      what: "The sign-in was signed for another time than Microsoft Entra ID's.",
      fix: "Set the clock of the machine right; in Lambda, try again.",
    },
  },
  {
    code: "APP_NOT_FOUND",
    text: /AADSTS(?:700016|7000229)\b/,
    advice: {
      what: "The tenant has no such app.",
      fix: "Correct app_id or tenant_domain in the secret, or have the tenant's administrator consent to the app.",
    },
  },
  {
    code: "TENANT_NOT_FOUND",
    text: /AADSTS(?:90002|900023)\b/,
    advice: ({ domainSuffix }) => ({
      what: "There is no such tenant.",
      fix: `Correct tenant_domain in the secret, contoso.${domainSuffix} being the surest form, and check that GATEWAY_EXCHANGE_ENVIRONMENT names the tenant's cloud.`,
    }),
  },
  {
    code: "RESOURCE_NOT_FOUND",
    text: /AADSTS500011\b/,
    advice: {
      what: "The tenant does not have Exchange Online as an enterprise application.",
      fix: "Check that it has a licence for Exchange Online, and that GATEWAY_EXCHANGE_ENVIRONMENT names the tenant's cloud.",
    },
  },
  {
    code: "THROTTLED",
    text: /AADSTS(?:50196|90055)\b|throttled by AAD/,
    advice: entraThrottles,
  },
  {
    code: "SIGN_IN_FAILED",
    text: /AADSTS(?:50000|90006|90012|90024|90033)\b/,
    advice: entraIsOut,
  },
  {
    code: "SIGN_IN_REFUSED",
    text: /AADSTS\d+/,
    advice: ({ preferredNetwork }) => ({
      what: "Microsoft Entra ID refused the sign-in.",
      fix: `Its answer says why; https://${preferredNetwork}/error explains the AADSTS number.`,
    }),
  },
  // What MSAL says without a number is no refusal: Microsoft Entra ID always gives one.
  { code: "THROTTLED", types: serviceErrors, statuses: [429], advice: entraThrottles },
  { code: "SIGN_IN_FAILED", types: serviceErrors, advice: entraIsOut },
];

const roleAdvice = ({ portalHost }: ExchangeEnvironment) =>
  `Give the app's service principal the Exchange Administrator role in Microsoft Entra ID (https://${portalHost}, Roles and administrators), or Exchange Recipient Administrator for distribution lists alone; it can take up to an hour to count.`;

const notLetIn: AdviceInCloud = (environment) => ({
  what: "Exchange does not let the app in.",
  fix: `${roleAdvice(environment)} If it has the role, check that ${appPermission.name} has admin consent and that tenant_domain is the .${environment.domainSuffix} domain.`,
});

const tokenNotTaken: AdviceInCloud = ({ portalHost }) => ({
  what: "Exchange does not take the app's token.",
  fix: `Grant the app the application permission ${appPermission.name} of Office 365 Exchange Online (${appPermission.id}), with admin consent (https://${portalHost}, App registrations, the app, API permissions).`,
});

/** What Exchange itself says to an app that has signed in. https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2 */
export const rightsRules: readonly ErrorRule[] = [
  {
    code: "DIRECTORY_ROLE_MISSING",
    isSure: true,
    text: /The role assigned to application .{0,200} isn['’]t supported in this scenario|isn['’]t assigned to any management roles/s,
    advice: (environment) => ({
      what: "The app has no role in Exchange that fits.",
      fix: roleAdvice(environment),
    }),
  },
  {
    code: "APP_ROLE_MISSING",
    stages: ["connect"],
    statuses: [401],
    advice: tokenNotTaken,
  },
  {
    code: "DIRECTORY_ROLE_MISSING",
    stages: ["connect"],
    statuses: [403],
    advice: notLetIn,
  },
  // The module gives a 401 and a 403 one type. A 403 says what is missing; a 401 has no more than this word.
  { code: "APP_ROLE_MISSING", stages: ["connect"], text: /^Unauthorized\.?$/im, advice: tokenNotTaken },
  {
    code: "DIRECTORY_ROLE_MISSING",
    stages: ["connect"],
    types: ["UnauthorizedAccessException", "CmdletAccessDeniedException"],
    advice: notLetIn,
  },
  // Neither status nor type is told: the module would give a 403 its type.
  { code: "APP_ROLE_MISSING", stages: ["connect"], text: /\bUnauthorized\b/i, advice: tokenNotTaken },
];

/** HRESULT 0x80070056, ERROR_INVALID_PASSWORD, as .NET gives it on every system. */
const invalidPassword = -2147024810;

/** What is said of a certificate that cannot be signed in with. */
export const certificateAdvice = {
  CERTIFICATE_PASSWORD_WRONG: {
    what: "The certificate cannot be opened with its password.",
    fix: "Correct certificate_password in the secret; where that is right, the file was damaged on its way: store it again.",
  },
  CERTIFICATE_WITHOUT_KEY: {
    what: "The certificate has no RSA private key, so nobody can sign in with it.",
    fix: "Export it again with its private key, as a .pfx file.",
  },
  CERTIFICATE_EXPIRED: {
    what: "The certificate's time is over.",
    fix: "Make a new one, upload its public part to the app registration (Certificates & secrets), and store the new .pfx in the secret.",
  },
  CERTIFICATE_NOT_YET_VALID: {
    what: "The certificate's time has not begun.",
    fix: "Wait for it, or store one that is valid now; if it should be, the clock is wrong.",
  },
  CERTIFICATE_NOT_PFX: {
    what: "The certificate is not a PFX that can be opened.",
    fix: "Store the .pfx file, certificate and private key in one, as base64 text.",
  },
} as const satisfies Record<string, Advice>;

/** Opening the PFX, before anything is sent. The texts are those of worker/certificate.ps1. */
export const certificateRules: readonly ErrorRule[] = [
  certificateRule("CERTIFICATE_PASSWORD_WRONG", { hresult: invalidPassword }),
  certificateRule("CERTIFICATE_WITHOUT_KEY", { text: /has no private key|is not an RSA key/ }),
  certificateRule("CERTIFICATE_WITHOUT_KEY", {
    text: /private key which was already referenced, or could not be loaded/,
    advice: {
      what: "The certificate's private key is of a kind that cannot be used here, such as RSASSA-PSS.",
      fix: "Make a certificate with a plain RSA key of 2048 bits or more, upload its public part to the app registration, and store the new .pfx.",
    },
  }),
  certificateRule("CERTIFICATE_NOT_PFX", {
    text: /PFX holds \d+ private keys/,
    advice: {
      what: "The PFX holds several private keys, and which one is meant is not clear.",
      fix: "Make a .pfx of the one certificate and its key (openssl pkcs12 -export -in app.crt -inkey app.key -out app.pfx) and store that as base64 text.",
    },
  }),
  certificateRule("CERTIFICATE_EXPIRED", { text: /certificate has expired/ }),
  certificateRule("CERTIFICATE_NOT_YET_VALID", { text: /certificate is not yet valid/ }),
  certificateRule("CERTIFICATE_NOT_PFX", {}),
];

function certificateRule(code: keyof typeof certificateAdvice, conditions: Partial<ErrorRule>): ErrorRule {
  return { code, stages: ["certificate"], advice: certificateAdvice[code], ...conditions };
}
