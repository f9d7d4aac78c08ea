import process from "node:process";
import { resolvePowerShell } from "#local/powershell/resolve";

/** Once for all test files: finds PowerShell, or builds its engine, and hands its place to the tests. */
export async function setup(): Promise<void> {
  const { powershellPath, modulePath, describe } = await resolvePowerShell();
  console.log(describe);
  process.env.TEST_POWERSHELL_PATH = powershellPath;
  process.env.TEST_EXCHANGE_MODULE_PATH = modulePath ?? "";
}
