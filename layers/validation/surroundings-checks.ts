import { environments } from "#exchange/clouds";
import type { ClockFacts, ModuleFacts, PowerShellSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import type { Checklist, Outcome } from "#validation/checklist";
import { type Finding, fail, pass, warn } from "#validation/finding";
import { unsupportedPair } from "#validation/supported-pair";

/** Microsoft Entra ID takes a sign-in that was signed at most so far from its own time. */
const tolerableSeconds = 300;
const warningSeconds = 60;

type Options = {
  openSession: () => PowerShellSession;
  environmentName: ExchangeEnvironmentName;
  deadline: Deadline;
};

/** What a sign-in needs beside a credential: the right time, and a module that runs here. */
export async function checkSurroundings(
  { check }: Checklist,
  certificate: Outcome<unknown>,
  { openSession, environmentName, deadline }: Options,
) {
  const hostName = environments[environmentName].signInHost;
  // Nothing is sent before the secret is known to hold a certificate.
  const clock = await check("clock", [certificate], async () =>
    judgeClock(await openSession().inspectClock({ hostName, deadline }), hostName),
  );
  const module = await check("PowerShell and module", [certificate], async () =>
    judgeModule(await openSession().inspectModule({ deadline })),
  );
  return { clock, module };
}

function judgeClock({ localTime, serverTime }: ClockFacts, hostName: string): Finding<true> {
  if (serverTime === null) {
    return warn(true, `${hostName} does not tell the time.`, "Compare the clock of the machine by hand.");
  }
  const seconds = Math.round((localTime.getTime() - serverTime.getTime()) / 1000);
  const apart = Math.abs(seconds);
  const found = apart <= 1 ? `right, by ${hostName}` : `${apart} s ${seconds > 0 ? "ahead of" : "behind"} ${hostName}`;
  if (apart <= warningSeconds) return pass(true, found);
  const advice = "Set the clock of the machine right, best by a time service.";
  if (apart <= tolerableSeconds) return warn(true, `${found}; above ${tolerableSeconds} s sign-ins fail.`, advice);
  return fail(
    `${found}; above ${tolerableSeconds} s sign-ins fail.`,
    `${advice} In Lambda, validate again.`,
    "CLOCK_WRONG",
  );
}

function judgeModule(facts: ModuleFacts): Finding<ModuleFacts> {
  const { version, powershell } = facts;
  const trouble = unsupportedPair(version, powershell);
  if (trouble) return fail(trouble.what, trouble.advice, "MODULE_UNUSABLE");
  return pass(facts, `PowerShell ${powershell}, ExchangeOnlineManagement ${version}`);
}
