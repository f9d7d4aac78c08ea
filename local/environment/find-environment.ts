import { readFile } from "node:fs/promises";
import { type LocalEnvironment, startAwsAlone } from "#local/environment/environment";
import { findRunningEnvironment } from "#local/environment/running-environment";

/**
 * What a function is to be run against: AWS's services alone, with the credential of a real tenant, where there is a file
 * of one; else the environment that runs. Undefined where none does.
 */
export async function findEnvironment(
  secretFile: string | undefined,
): Promise<(Pick<LocalEnvironment, "address" | "stop"> & Partial<LocalEnvironment>) | undefined> {
  if (secretFile !== undefined) return startAwsAlone(await readFile(secretFile, "utf8"));
  const address = findRunningEnvironment();
  return address && { address, stop: async () => {} };
}
