import { environments } from "#exchange/clouds";
import type { ClockFacts, ModuleFacts, PowerShellSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import type { Advice } from "#runtime/errors";
import { type Checklist, type Finding, fail, failWith, type Outcome, pass, warn } from "#validation/checklist";

/** Microsoft Entra ID takes a sign-in that was signed at most so far from its own time. */
const tolerableSeconds = 300;
const warningSeconds = 60;

type Options = {
  openSession: () => PowerShellSession;
  environmentName: ExchangeEnvironmentName;
  deadline: Deadline;
};

/** What a sign-in needs beside a credential: the right time, and a module that runs here. */
export async function checkEnvironment(
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
  const fix = "Set the clock of the machine right, best by a time service.";
  if (apart <= tolerableSeconds) return warn(true, `${found}; above ${tolerableSeconds} s sign-ins fail.`, fix);
  return fail(
    `${found}; above ${tolerableSeconds} s sign-ins fail.`,
    `${fix} In Lambda, validate again.`,
    "CLOCK_WRONG",
  );
}

function judgeModule(facts: ModuleFacts): Finding<ModuleFacts> {
  const { version, powershell } = facts;
  const trouble = unsupportedPair(version, powershell);
  if (trouble) return failWith(trouble, "MODULE_UNUSABLE");
  return pass(facts, `PowerShell ${powershell}, ExchangeOnlineManagement ${version}`);
}

/**
 * The oldest PowerShell for each ExchangeOnlineManagement, the newest first.
 * https://learn.microsoft.com/powershell/exchange/exchange-online-powershell-v2
 */
const pairs = [
  { module: "3.10", powershell: "7.6" },
  { module: "3.5", powershell: "7.4" },
] as const;

/** What is wrong with a module on a PowerShell, and what to do; undefined where nothing is. */
export function unsupportedPair(module: string, powershell: string): Required<Advice> | undefined {
  const pair = pairs.find((each) => isAtLeast(module, each.module));
  if (pair === undefined) {
    return {
      what: `ExchangeOnlineManagement ${module} is too old.`,
      fix: "Install version 3.5 or later, 3.10 with PowerShell 7.6.",
    };
  }
  if (isAtLeast(powershell, pair.powershell)) return undefined;
  return {
    what: `ExchangeOnlineManagement ${module} needs PowerShell ${pair.powershell} or later, and this is ${powershell}.`,
    fix: `Install PowerShell ${pair.powershell}, or with PowerShell 7.4 a module before 3.10.`,
  };
}

/** By major and minor version. */
function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
