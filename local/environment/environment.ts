import { mkdirSync, mkdtempSync } from "node:fs";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { startS3 } from "#local/aws/s3/server";
import { startSecretsManager } from "#local/aws/secrets-manager";
import { type AwsCredentials, createCredentials } from "#local/aws/signature";
import { type QueueUrls, startSqs } from "#local/aws/sqs";
import type { Fault } from "#local/exchange/faults";
import { type ExchangeOptions, type LocalExchange, startExchange } from "#local/exchange/server";
import { addToTenant } from "#local/exchange/tenant/add-to-tenant";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { TenantFile } from "#local/exchange/tenant/tenant-file";
import { isAlive } from "#powershell/process";
import type { ExchangeEnvironmentName } from "#runtime/configuration";

/** Where local environments are kept, a folder each, named after its process. Tests keep theirs elsewhere. */
export const environmentsFolder =
  process.env.LOCAL_ENVIRONMENTS ?? join(import.meta.dirname, "..", "..", ".local", "environments");
export const bucketName = "exchange-online-gateway";
const secretId = "exchange-online-gateway/credential";

/** The folders of the environments that this process keeps. */
const ownFolders = new Set<string>();

/** How a client reaches a local environment. `npm run local` prints it as its first line. */
export type EnvironmentAddress = {
  /** Absent when the real Exchange Online is talked to. */
  exchange?: { proxy: string; caFile: string; secretFile: string; environment: ExchangeEnvironmentName };
  aws: { s3: string; secretsManager: string; sqs: string } & AwsCredentials;
  bucket: string;
  secretId: string;
  queues: QueueUrls;
};

export type LocalEnvironment = {
  address: EnvironmentAddress;
  /** The folder the bucket's objects lie in. */
  bucketFolder: string;
  /** Stores another credential, as an administrator would. */
  storeSecret(text: string): void;
  stop(): Promise<void>;
};

/** An environment with its own Exchange Online, whose faults, app and tenant may change while it runs. */
export type TenantEnvironment = LocalEnvironment & { exchange: LocalExchange };

export type TenantOptions = {
  users: number;
  groups: number;
  seed: number;
  /** Which of Microsoft's clouds it lies in; the worldwide one by default. */
  environment?: ExchangeEnvironmentName;
  delayMs?: number;
  faults?: readonly Fault[];
  /** What is in the tenant beside what is generated. */
  additions?: TenantFile;
  /** What else is unusual about Exchange Online. */
  exchange?: Omit<ExchangeOptions, "tenant" | "environment" | "delayMs" | "faults">;
};

/** Starts a generated tenant's Exchange Online beside S3, Secrets Manager and SQS, on free ports. */
export async function startEnvironment(options: TenantOptions): Promise<TenantEnvironment> {
  const { additions = {} } = options;
  const tenant = generateTenant(options);
  addToTenant(tenant, additions);
  const exchange = await startExchange({
    ...(additions.rights ? { app: { rights: additions.rights } } : {}),
    ...options.exchange,
    tenant,
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
    storeSecret: aws.storeSecret,
    exchange,
    stop: async () => {
      await rm(secretFile, { force: true });
      await Promise.all([exchange.stop(), aws.stop()]);
    },
  };
}

/** Starts S3, Secrets Manager and SQS alone, for a credential of the real Exchange Online. */
export async function startAwsAlone(secretText: string): Promise<LocalEnvironment> {
  const { folder: _, ...environment } = await startAws(secretText);
  return environment;
}

async function startAws(secretText: string) {
  await removeEnvironmentsOfEndedProcesses();
  const folder = makeFolder();
  const s3Folder = join(folder, "s3");
  const credentials = createCredentials();
  const [s3, secretsManager, sqs] = await Promise.all([
    startS3({ folder: s3Folder, buckets: [bucketName], credentials }),
    startSecretsManager({ credentials }),
    startSqs({ credentials }),
  ]);
  const storeSecret = (text: string) => secretsManager.putSecret(secretId, text);
  storeSecret(secretText);

  return {
    folder,
    bucketFolder: join(s3Folder, bucketName),
    address: {
      aws: { s3: s3.url, secretsManager: secretsManager.url, sqs: sqs.url, ...credentials },
      bucket: bucketName,
      secretId,
      queues: sqs.queues,
    },
    storeSecret,
    stop: async () => {
      await Promise.all([s3.stop(), secretsManager.stop(), sqs.stop()]);
      ownFolders.delete(folder);
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

/** A folder that nobody else reads, named after this process. */
function makeFolder(): string {
  mkdirSync(environmentsFolder, { recursive: true });
  const folder = mkdtempSync(join(environmentsFolder, `${process.pid}-`));
  ownFolders.add(folder);
  return folder;
}

/** A run's pages stay to be looked at until the next environment starts. */
async function removeEnvironmentsOfEndedProcesses(): Promise<void> {
  const left = (await listEnvironments()).filter(isLeft);
  await Promise.all(left.map((name) => rm(join(environmentsFolder, name), { recursive: true, force: true })));
}

/** Whether nobody keeps the folder of that name any more. */
function isLeft(name: string): boolean {
  const pid = Number.parseInt(name, 10);
  return pid === process.pid ? !ownFolders.has(join(environmentsFolder, name)) : !isAlive(pid);
}

async function listEnvironments(): Promise<string[]> {
  const names = await readdir(environmentsFolder).catch(() => []);
  return names.filter((name) => /^\d+-/.test(name));
}
