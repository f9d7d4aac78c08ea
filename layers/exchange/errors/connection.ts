import { hostsOf } from "#exchange/clouds";
import type { ErrorRule } from "#exchange/errors/rule";
import type { Advice } from "#runtime/errors";

const networkTypes = [
  "HttpRequestException",
  "HttpIOException",
  "SocketException",
  "IOException",
  // A refusal whose body is NUL bytes said to be compressed.
  "InvalidDataException",
  "WebException",
  "AuthenticationException",
  "TaskCanceledException",
  "OperationCanceledException",
  "TimeoutException",
  "DataServiceTransportException",
];

/** What reading an answer fails with that is empty, or was cut on its way. */
const readingTypes = [
  "JsonReaderException",
  "JsonSerializationException",
  "JsonException",
  "XmlException",
  "NullReferenceException",
];

const notThrough: Advice = { what: "Exchange's answer did not come through.", fix: "Try again in a few minutes." };

const atStart = ["module", "connect"] as const;

const unfitModule: Advice = {
  what: "The ExchangeOnlineManagement module does not run on this PowerShell as it is.",
  fix: "Install the module and PowerShell in versions that fit each other, 3.10 with PowerShell 7.6 or 3.5 to 3.9 with 7.4 or later, without files of another version or module among them. Build the image again where it is one.",
};

/** What the machine or the module itself lacks. It shows while anything is begun, whatever the .NET type of the error. */
export const machineRules: readonly ErrorRule[] = [
  {
    code: "MODULE_UNUSABLE",
    stages: atStart,
    text: /No space left on device|There is not enough space on the disk|Disk quota exceeded/i,
    advice: {
      what: "The disk is full, so that the module cannot write its files.",
      fix: "Free space below TMPDIR; in Lambda, give the function more ephemeral storage.",
    },
  },
  {
    code: "MODULE_UNUSABLE",
    stages: atStart,
    text: /Access to the path .{0,1000} is denied|Read-only file system/is,
    advice: {
      what: "The module cannot write its files.",
      fix: "HOME and TMPDIR must be folders that can be written to.",
    },
  },
  {
    code: "MODULE_UNUSABLE",
    stages: atStart,
    text: /^(?:Method|Field) not found: |Could not load (?:file or assembly|type) |Unable to load shared library /im,
    advice: unfitModule,
  },
  {
    code: "MODULE_UNUSABLE",
    stages: atStart,
    types: ["MissingMethodException", "MissingFieldException", "TypeLoadException", "BadImageFormatException"],
    advice: unfitModule,
  },
];

const gatewayTroubles = [500, 502, 503, 504];

/** Trouble on the way to Exchange, and what is left of the stages before a cmdlet is called. */
export const connectionRules: readonly ErrorRule[] = [
  {
    code: "MODULE_UNUSABLE",
    stages: ["module"],
    advice: {
      what: "The ExchangeOnlineManagement module cannot be used.",
      fix: "Check EXCHANGE_MODULE_PATH; version 3.5 or later is needed, 3.10 with PowerShell 7.6.",
    },
  },
  {
    code: "THROTTLED",
    isSure: true,
    statuses: [429],
    advice: { what: "Exchange takes no more requests for now.", fix: "Try again in a few minutes." },
  },
  {
    code: "THROTTLED",
    text: /maximum number of concurrent requests per tenant/i,
    advice: { what: "Exchange takes no more requests of this tenant for now.", fix: "Try again in a few minutes." },
  },
  {
    code: "SIGN_IN_FAILED",
    stages: ["connect"],
    statuses: gatewayTroubles,
    advice: { what: "Exchange or Microsoft Entra ID could not answer just now.", fix: "Try again in a few minutes." },
  },
  {
    code: "SIGN_IN_FAILED",
    stages: ["connect"],
    types: networkTypes,
    advice: (environment) => ({
      what: "Exchange or Microsoft Entra ID cannot be reached.",
      fix: `Check the way to ${hostsOf(environment).join(", ")} on port 443 (HTTPS_PROXY, and SSL_CERT_FILE where a proxy has its own certificate), then try again.`,
    }),
  },
  // A refusal has an AADSTS number, or is about rights. All else may pass: an answer that was cut short or is empty shows
  // as any error at all.
  {
    code: "SIGN_IN_FAILED",
    stages: ["connect"],
    advice: {
      what: "Connecting to Exchange broke off.",
      fix: "Try again in a few minutes; where it stays so, the answer says what to look into.",
    },
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isSure: true,
    isUnsettled: true,
    statuses: gatewayTroubles,
    advice: { what: "Exchange could not answer just now.", fix: "Try again in a few minutes." },
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    types: networkTypes,
    advice: { what: "The connection to Exchange broke.", fix: "Try again in a few minutes." },
  },
  { code: "EXCHANGE_TRANSIENT", isUnsettled: true, types: readingTypes, advice: notThrough },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /not a valid response payload/i,
    advice: notThrough,
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /An error occurred while sending the request|response ended prematurely|Connection (?:refused|reset)|Name or service not known|SSL connection could not be established/i,
    advice: { what: "The connection to Exchange broke.", fix: "Try again in a few minutes." },
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    // 0 stands for a connection that broke, 200 for an answer that could not be read.
    statuses: [0, 200],
    advice: notThrough,
  },
];
