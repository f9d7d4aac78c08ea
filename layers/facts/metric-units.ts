import type { MetricUnit } from "@aws-lambda-powertools/metrics";

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/** Every metric of the gateway, per tenant, with its unit. */
export const metricUnits = {
  /** Rows of a snapshot that was published. */
  UsersPublished: "Count",
  GroupsPublished: "Count",
  /** Attempts at a run that failed, those left out that the guard refused and those that another run was in the way of. */
  RunFailed: "Count",
  /** Attempts at a run that read a directory and did not publish it, because it did not look whole. */
  GuardRefused: "Count",
  /** Messages that were received for the last time while it was not known what came of their operation. */
  OperationUnsettled: "Count",
  /** Operations that ended by what only the people who run the gateway can mend, such as a right that the app lacks. */
  ServiceTrouble: "Count",
  /** Sessions that signed in, and how long each took to connect. */
  SessionOpened: "Count",
  ConnectMs: "Milliseconds",
  /** Sessions that ended, hung or garbled their answers, so that another one had to be opened. */
  SessionLost: "Count",
  /** Calls that were not made because the credential, or the app's rights, did not let them. */
  SignInRefused: "Count",
  /** Calls that Exchange refused because the tenant had too many under way. */
  Throttled: "Count",
  /** Days until the certificate that is signed in with ends. */
  CertificateDaysLeft: "Count",
  /** Times the credential in the secret could not be used, and an earlier one was. */
  CredentialRefused: "Count",
  /** Checks of a validation that failed; 0 where none did. */
  ValidationFailed: "Count",
} as const satisfies Record<string, Unit>;

export type MetricName = keyof typeof metricUnits;

export const metricNamespace = "ExchangeOnlineGateway";
export const metricService = "exchange-online-gateway";

/** The dimensions that every metric of a tenant has. */
export function metricDimensions(tenant: string): Record<string, string> {
  return { service: metricService, tenant };
}
