import process from "node:process";
import { describeError } from "#local/answers";
import { openBucket } from "#local/environment/running-environment";
import { formatTable, print, printError } from "#local/print";
import { formatCount } from "#runtime/text";
import type { SnapshotKind } from "#snapshots/layout";
import type { Manifest } from "#snapshots/manifest";
import { nameOfPartition } from "#snapshots/partition";
import { readLatest } from "#snapshots/publication";
import { type ListedRun, listRuns, openSnapshot, type Snapshot } from "#snapshots/reader";
import type { ObjectStore } from "#storage/object-store";

const listedRuns = 10;
const listedPartitions = 12;

/** Shows what is published of a kind, every page checked, and how its last runs ended. Exit code 2 without a bucket. */
export async function inspectCommand(kind: SnapshotKind): Promise<void> {
  const bucket = await openBucket();
  if (bucket === undefined) {
    printError("There is nothing to look into: run npm start first, or set GATEWAY_BUCKET to a bucket on AWS.");
    process.exitCode = 2;
    return;
  }
  try {
    print(await inspect(bucket.store, kind, bucket.where));
  } catch (error) {
    printError(describeError(error));
    process.exitCode = 1;
  } finally {
    await bucket.close();
  }
}

async function inspect(store: ObjectStore, kind: SnapshotKind, where: string): Promise<string> {
  const snapshot = await openSnapshot(store, kind);
  const { run } = await readLatest(store, kind);
  const parts = [
    snapshot ? await describeSnapshot(kind, snapshot, where) : `No ${kind} are published in ${where}.`,
    describeRuns(await listRuns(store, kind, listedRuns), run?.runId),
  ];
  return parts.join("\n\n");
}

async function describeSnapshot(kind: SnapshotKind, { published, manifest, records }: Snapshot, where: string) {
  let rows = 0;
  for await (const _ of records()) rows += 1;
  const { totals, changes } = manifest;
  const lines = [
    `${formatCount(rows)} ${kind} in ${where}, published ${age(published.publishedAt)} ago`,
    `  read       ${manifest.readStartedAt} by ${manifest.source}, run ${published.runId}`,
    `  pages      ${formatCount(manifest.pages.length)}, each as its hash says`,
    `  left out   ${formatCount(totals.duplicates)} duplicates, ${formatCount(totals.rejected)} rejected rows`,
    `  changes    ${changes ? describeChanges(changes) : "not known: the first of its source"}`,
    ...(manifest.warnings.count > 0 ? [`  warnings   ${manifest.warnings.texts.join("; ")}`] : []),
  ];
  return [lines.join("\n"), describeTypes(manifest), describePartitions(manifest)].join("\n\n");
}

function describeChanges({ added, changed, removed, baseRunId }: NonNullable<Manifest["changes"]>): string {
  return `${formatCount(added)} added, ${formatCount(changed)} changed, ${formatCount(removed)} removed since ${baseRunId}`;
}

function describeTypes({ totals }: Manifest): string {
  return formatTable(["type", "rows"], Object.entries(totals.byType));
}

function describePartitions({ partitions }: Manifest): string {
  const paged = partitions.filter(({ reading }) => reading === "paged");
  const largest = partitions.toSorted((one, other) => other.rows - one.rows).slice(0, listedPartitions);
  const rows = largest.map((partition) => [nameOfPartition(partition), partition.rows, partition.reading]);
  const rest = partitions.length - largest.length;
  const total = `${formatCount(partitions.length)} partitions, ${formatCount(paged.length)} of them paged${rest > 0 ? `; the largest ${formatCount(largest.length)}` : ""}`;
  return `${total}\n${formatTable(["partition", "rows", "reading"], rows)}`;
}

function describeRuns(runs: readonly ListedRun[], underWay: string | undefined): string {
  if (runs.length === 0) return "No run has written anything.";
  const rows = runs.map(({ runId, record }) => {
    if (record === undefined) return [runId, runId === underWay ? "under way" : "cut off", 0, "", ""];
    const seconds = (Date.parse(record.endedAt) - Date.parse(record.readStartedAt)) / 1000;
    const reason = "code" in record ? record.code : "";
    return [runId, record.status, record.rows, `${seconds.toFixed(1)} s`, reason];
  });
  return `The last ${runs.length === 1 ? "run" : `${runs.length} runs`}\n${formatTable(["run", "outcome", "rows", "took", "reason"], rows)}`;
}

function age(time: string): string {
  const minutes = Math.floor((Date.now() - Date.parse(time)) / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1440)} days`;
}
