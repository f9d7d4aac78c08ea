import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { resolvePowerShell } from "#local/powershell/resolve";

/**
 * Once for all test files: finds PowerShell, or builds it, and hands its place to the tests; and gives them a folder of
 * their own for local environments, so that what `npm start` published stays to be looked at.
 */
export async function setup(): Promise<() => Promise<void>> {
  const { powershellPath, module, describe } = await resolvePowerShell();
  console.log(describe);
  process.env.TEST_POWERSHELL_PATH = powershellPath;
  process.env.TEST_EXCHANGE_MODULE_PATH = module.path;
  const environments = await mkdtemp(join(tmpdir(), "gateway-test-environments-"));
  process.env.LOCAL_ENVIRONMENTS = environments;
  return () => rm(environments, { recursive: true, force: true });
}
