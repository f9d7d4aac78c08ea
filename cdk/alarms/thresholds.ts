import { attemptsPerInvocation } from "#cdk/constructs/gateway-function";

/** When the alarms go off. */
export const thresholds = {
  /** Without a new one a snapshot may become so many of its intervals old. */
  snapshotIntervals: 1.5,
  /** Failed attempts within an hour: those at one run last no longer. */
  failedAttemptsPerHour: attemptsPerInvocation,
  /** Each has an alarm of its own. */
  certificateDaysLeft: [30, 14, 7],
  resultMinutes: 30,
  throttledCallsPerQuarter: 5,
  lostSessionsPerHour: 5,
  /** Of a function's time-out. */
  durationPercent: 90,
  failedLookupsPerFiveMinutes: 5,
};
