import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { startS3 } from "#local/aws/s3/server";
import { startSecretsManager } from "#local/aws/secrets-manager";
import { type QueueUrls, startSqs } from "#local/aws/sqs/server";
import type { Fault } from "#local/exchange/faults";
import { startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { ExchangeEnvironmentName } from "#runtime/configuration";

/** Where local environments are kept, a folder each, named by its process. Tests keep theirs elsewhere. */
export const environmentsFolder =
  process.env.LOCAL_ENVIRONMENTS ?? join(import.meta.dirname, "..", "..", ".local", "environments");
export const bucketName = "exchange-online-gateway";
const secretId = "exchange-online-gateway/credential";

/** How a client reaches a local environment. `npm run local` prints it as its first line. */
export type EnvironmentAddress = {
  /** Absent when the real Exchange Online is talked to. */
  exchange?: { proxy: string; caFile: string; secretFile: string; environment: ExchangeEnvironmentName };
  aws: { s3: string; secretsManager: string; sqs: string };
  bucket: string;
  secretId: string;
  queues: QueueUrls;
};

export type LocalEnvironment = {
  address: EnvironmentAddress;
  /** The folder the bucket's objects lie in. */
  bucketFolder: string;
  stop(): Promise<void>;
};

export type TenantOptions = {
  users: number;
  groups: number;
  seed: number;
  /** Which of Microsoft's clouds it lies in; the worldwide one by default. */
  environment?: ExchangeEnvironmentName;
  delayMs?: number;
  faults?: readonly Fault[];
};

/** Starts a generated tenant's Exchange Online beside S3, Secrets Manager and SQS, on free ports. */
export async function startEnvironment(options: TenantOptions): Promise<LocalEnvironment> {
  const exchange = await startExchange({
    tenant: generateTenant(options),
    environment: options.environment ?? "O365Default",
    delayMs: options.delayMs ?? 0,
    faults: options.faults ?? [],
  });
  const secretText = JSON.stringify(exchange.secret);
  const aws = await startAws(secretText);
  const caFile = join(aws.folder, "ca.pem");
  const secretFile = join(aws.folder, "secret.json");
  await writeFile(caFile, exchange.caCertificate);
  await writeFile(secretFile, secretText, { mode: 0o600 });

  const { proxy, environment } = exchange;
  return {
    address: { exchange: { proxy, caFile, secretFile, environment }, ...aws.address },
    bucketFolder: aws.bucketFolder,
    stop: async () => {
      await rm(secretFile, { force: true });
      await Promise.all([exchange.stop(), aws.stop()]);
    },
  };
}

/** Starts S3, Secrets Manager and SQS alone, for a credential of the real Exchange Online. */
export async function startAwsAlone(secretText: string): Promise<LocalEnvironment> {
  const { address, bucketFolder, stop } = await startAws(secretText);
  return { address, bucketFolder, stop };
}

async function startAws(secretText: string) {
  await removeEnvironmentsOfEndedProcesses();
  const folder = join(environmentsFolder, String(process.pid));
  const s3Folder = join(folder, "s3");
  await mkdir(s3Folder, { recursive: true, mode: 0o700 });
  const [s3, secretsManager, sqs] = await Promise.all([
    startS3({ folder: s3Folder, buckets: [bucketName] }),
    startSecretsManager(),
    startSqs(),
  ]);
  secretsManager.putSecret(secretId, secretText);

  return {
    folder,
    bucketFolder: join(s3Folder, bucketName),
    address: {
      aws: { s3: s3.url, secretsManager: secretsManager.url, sqs: sqs.url },
      bucket: bucketName,
      secretId,
      queues: sqs.queues,
    },
    stop: async () => {
      await Promise.all([s3.stop(), secretsManager.stop(), sqs.stop()]);
    },
  };
}

/** The S3 folder of the environment that was started last; undefined where none has been. */
export async function findLastFolder(): Promise<string | undefined> {
  const names = await listEnvironments();
  const folders = await Promise.all(
    names.map(async (name) => {
      const folder = join(environmentsFolder, name, "s3");
      return { folder, madeAt: (await stat(folder)).mtimeMs };
    }),
  );
  return folders.sort((one, other) => other.madeAt - one.madeAt)[0]?.folder;
}

/** A run's pages stay to be looked at until the next environment starts. */
async function removeEnvironmentsOfEndedProcesses(): Promise<void> {
  const ended = (await listEnvironments()).filter((name) => Number(name) === process.pid || !isAlive(Number(name)));
  await Promise.all(ended.map((name) => rm(join(environmentsFolder, name), { recursive: true, force: true })));
}

async function listEnvironments(): Promise<string[]> {
  const names = await readdir(environmentsFolder).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name));
}

/** Whether a process of that id runs, ours to signal or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
