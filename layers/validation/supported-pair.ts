/**
 * The oldest PowerShell for each ExchangeOnlineManagement, the newest first.
 * https://learn.microsoft.com/powershell/exchange/exchange-online-powershell-v2
 */
const pairs = [
  { module: "3.10", powershell: "7.6" },
  { module: "3.5", powershell: "7.4" },
] as const;

/** What is wrong with a module on a PowerShell, and what to do; undefined where nothing is. */
export function unsupportedPair(module: string, powershell: string): { what: string; advice: string } | undefined {
  const pair = pairs.find((each) => isAtLeast(module, each.module));
  if (pair === undefined) {
    return {
      what: `ExchangeOnlineManagement ${module} is too old.`,
      advice: "Install version 3.5 or later, 3.10 with PowerShell 7.6.",
    };
  }
  if (isAtLeast(powershell, pair.powershell)) return undefined;
  return {
    what: `ExchangeOnlineManagement ${module} needs PowerShell ${pair.powershell} or later, and this is ${powershell}.`,
    advice: `Install PowerShell ${pair.powershell}, or with PowerShell 7.4 a module before 3.10.`,
  };
}

/** By major and minor version. */
function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
