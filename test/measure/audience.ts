/**
 * Everybody in a list of 100,000 people in 400 nested ones, written to S3: time, queries and Node's memory, with an Exchange
 * Online that answers at once and with one that takes 100 ms. `npm run measure -- audience 10000 40`.
 */

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import { isPerson } from "#directory/users";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import { resolvePowerShell } from "#local/powershell/resolve";
import { awaitReport } from "#test/measure/await-report";
import { startChanges } from "#test/support/changes";
import { messageEvent } from "#test/support/message-event";

type Watched = { seconds: number; heapBaseMiB: number; heapPeakMiB: number; heapKeptMiB: number };

const [people = 100_000, lists = 400] = process.argv.slice(2).map(Number);
const listsPerList = 8;
const tenant = generateTenant({ users: people, groups: 1, seed: 1 });
const everybody = nestEverybody();
const nobody = tenant.addGroup({ name: "Nobody" });

const powershell = await resolvePowerShell();
console.log(powershell.describe);
Object.assign(process.env, {
  TEST_POWERSHELL_PATH: powershell.powershellPath,
  TEST_EXCHANGE_MODULE_PATH: powershell.module.path,
  POWERTOOLS_LOG_LEVEL: "WARN",
  POWERTOOLS_METRICS_DISABLED: "true",
});
console.table([await measure(0), await measure(100)]);

async function measure(delayMs: number) {
  const gateway = await startChanges({ tenant, delayMs }, { functions: [] });
  try {
    const operationId = randomUUID();
    const held = await watch(messageFor(nobody, randomUUID()), messageFor(everybody, operationId));
    const { audience } = await gateway.awaitResult((each) => each.operationId === operationId && each.final);
    if (audience?.members !== people + lists) throw new Error(`${audience?.members} members were found`);

    const queries =
      gateway.exchange.requests.filter(({ cmdlet }) => cmdlet === "Get-DistributionGroupMember").length - 1;
    const bytesAMember = (heapMiB: number) => Math.round(((heapMiB - held.heapBaseMiB) * 2 ** 20) / audience.members);
    return {
      delayMs,
      members: audience.members,
      lists: audience.groups,
      queries,
      seconds: held.seconds,
      nodeBaseMiB: Math.round(held.heapBaseMiB),
      keptBytesAMember: bytesAMember(held.heapKeptMiB),
      peakBytesAMember: bytesAMember(held.heapPeakMiB),
    };
  } finally {
    await gateway.stop();
  }
}

/** A list with the others in it, eight in each, and everybody spread over them. */
function nestEverybody(): DirectoryRecord {
  const root = tenant.addGroup({ name: "Everybody" });
  const inside = Array.from({ length: lists }, (_, place) => tenant.addGroup({ name: `Everybody ${place}` }));
  for (const [place, list] of inside.entries()) {
    tenant.addMember(inside[Math.floor(place / listsPerList) - 1] ?? root, list);
  }
  const everyone = tenant.records.filter((record) => isPerson({ recipientType: record.recipientTypeDetails }));
  for (const [place, person] of everyone.entries()) tenant.addMember(inside[place % lists] ?? root, person);
  return root;
}

async function watch(...messages: object[]): Promise<Watched> {
  const program = join(import.meta.dirname, "expand-watched.ts");
  const watcher = spawn(process.execPath, ["--expose-gc", program, ...messages.map((each) => JSON.stringify(each))], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return awaitReport<Watched>(watcher);
}

function messageFor({ guid }: DirectoryRecord, operationId: string): object {
  const request = { operationId, requestedAt: new Date().toISOString(), group: guid };
  return messageEvent("expand-audience", JSON.stringify(request), 1);
}
