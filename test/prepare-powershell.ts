import process from "node:process";
import { resolvePowerShell } from "#local/powershell/resolve";

/** Once for all test files: finds PowerShell, or builds it, and hands its place to the tests. */
export async function setup(): Promise<void> {
  const { powershellPath, module, describe } = await resolvePowerShell();
  console.log(describe);
  process.env.TEST_POWERSHELL_PATH = powershellPath;
  process.env.TEST_EXCHANGE_MODULE_PATH = module.path;
}
