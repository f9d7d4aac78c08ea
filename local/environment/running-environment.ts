import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { S3Client } from "@aws-sdk/client-s3";
import { startS3 } from "#local/aws/s3/server";
import { type AwsCredentials, createCredentials } from "#local/aws/signature";
import {
  bucketName,
  type EnvironmentAddress,
  environmentsFolder,
  findLastFolder,
  type LocalEnvironment,
  startAwsAlone,
} from "#local/environment/environment";
import { isAlive } from "#powershell/process";
import { createObjectStore, type ObjectStore } from "#storage/object-store";

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

export type OpenedBucket = { store: ObjectStore; where: string; close(): Promise<void> };

/**
 * The bucket to look into: the one that GATEWAY_BUCKET names on AWS, else that of the environment that runs, else that of
 * the last one that ran here. Undefined where there is none of these.
 */
export async function openBucket(): Promise<OpenedBucket | undefined> {
  const onAws = process.env.GATEWAY_BUCKET;
  if (onAws) return { store: createObjectStore({ bucket: onAws }), where: `s3://${onAws}`, close: async () => {} };

  const running = findRunningEnvironment();
  if (running) return openLocal(running.aws, running.bucket, "the local environment that runs", async () => {});

  const folder = await findLastFolder();
  if (folder === undefined) return undefined;
  const credentials = createCredentials();
  const s3 = await startS3({ folder, buckets: [bucketName], credentials });
  return openLocal({ s3: s3.url, ...credentials }, bucketName, "the last local environment", () => s3.stop());
}

type Door = Pick<EnvironmentAddress["aws"], "s3" | keyof AwsCredentials>;

function openLocal(door: Door, bucket: string, where: string, stop: () => Promise<void>): OpenedBucket {
  const { s3: endpoint, accessKeyId, secretAccessKey } = door;
  const credentials = { accessKeyId, secretAccessKey };
  const s3 = new S3Client({ endpoint, forcePathStyle: true, region: "eu-central-1", credentials });
  const close = async () => {
    s3.destroy();
    await stop();
  };
  return { store: createObjectStore({ bucket, s3 }), where, close };
}

/** The one file that names the environment that runs, and its process. */
const file = join(environmentsFolder, "running.json");

type RunningEnvironment = EnvironmentAddress & { pid: number };

/** Names this process's environment as the one that functions are invoked against, to its user alone. */
export function announceEnvironment(address: EnvironmentAddress): void {
  // A mode is given to a new file only, and nobody is to read half of one.
  const unfinished = `${file}.${process.pid}`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${JSON.stringify({ pid: process.pid, ...address }, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}

/** Takes the announcement back, unless another environment has been announced since. */
export function withdrawEnvironment(): void {
  if (readAnnouncement()?.pid === process.pid) rmSync(file, { force: true });
}

/** The environment that runs, or undefined where none does. */
export function findRunningEnvironment(): EnvironmentAddress | undefined {
  const announced = readAnnouncement();
  if (announced === undefined || !isAlive(announced.pid)) return undefined;
  const { pid: _, ...address } = announced;
  return address;
}

function readAnnouncement(): RunningEnvironment | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
