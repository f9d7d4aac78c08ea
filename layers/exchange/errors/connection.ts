import { hostsOf } from "#exchange/clouds";
import type { ErrorRule } from "#exchange/errors/rule";

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

const notThrough = "Exchange's answer did not come through. Try again in a few minutes.";

const gatewayTroubles = [500, 502, 503, 504];

/** Trouble on the way to Exchange, and what is left of the stages before a cmdlet is called. */
export const connectionRules: readonly ErrorRule[] = [
  {
    code: "MODULE_UNUSABLE",
    stages: ["module"],
    sentence:
      "The ExchangeOnlineManagement module cannot be used. Check EXCHANGE_MODULE_PATH; version 3.5 or later is needed, 3.10 with PowerShell 7.6.",
  },
  {
    code: "THROTTLED",
    isSure: true,
    statuses: [429],
    sentence: "Exchange takes no more requests for now. Try again in a few minutes.",
  },
  {
    code: "THROTTLED",
    text: /maximum number of concurrent requests per tenant/i,
    sentence: "Exchange takes no more requests of this tenant for now. Try again in a few minutes.",
  },
  {
    code: "SIGN_IN_FAILED",
    stages: ["connect"],
    statuses: gatewayTroubles,
    sentence: "Exchange or Microsoft Entra ID could not answer just now. Try again in a few minutes.",
  },
  {
    code: "SIGN_IN_FAILED",
    stages: ["connect"],
    types: networkTypes,
    sentence: (environment) =>
      `Exchange or Microsoft Entra ID cannot be reached. Check the way to ${hostsOf(environment).join(", ")} on port 443 (HTTPS_PROXY, and SSL_CERT_FILE where a proxy has its own certificate), then try again.`,
  },
  // A refusal has an AADSTS number, or is about rights. All else may pass: an answer that was cut short or is empty shows
  // as any error at all.
  {
    code: "SIGN_IN_FAILED",
    stages: ["connect"],
    sentence:
      "Connecting to Exchange broke off. Try again in a few minutes; where it stays so, the answer says what to look into.",
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isSure: true,
    isUnsettled: true,
    statuses: gatewayTroubles,
    sentence: "Exchange could not answer just now. Try again in a few minutes.",
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    types: networkTypes,
    sentence: "The connection to Exchange broke. Try again in a few minutes.",
  },
  { code: "EXCHANGE_TRANSIENT", isUnsettled: true, types: readingTypes, sentence: notThrough },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /not a valid response payload/i,
    sentence: notThrough,
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    text: /An error occurred while sending the request|response ended prematurely|Connection (?:refused|reset)|Name or service not known|SSL connection could not be established/i,
    sentence: "The connection to Exchange broke. Try again in a few minutes.",
  },
  {
    code: "EXCHANGE_TRANSIENT",
    isUnsettled: true,
    // 0 stands for a connection that broke, 200 for an answer that could not be read.
    statuses: [0, 200],
    sentence: notThrough,
  },
];
