import process from "node:process";
import { S3Client } from "@aws-sdk/client-s3";
import { type AwsCredentials, createCredentials } from "#local/aws/credentials";
import { startS3 } from "#local/aws/s3/server";
import { bucketName, type EnvironmentAddress, findLastFolder } from "#local/environment/environment";
import { findRunningEnvironment } from "#local/environment/running-environment";
import { createObjectStore, type ObjectStore } from "#storage/object-store";

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
