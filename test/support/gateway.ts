import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Context } from "aws-lambda";
import { closeSharedClient } from "#exchange/shared-client";
import { handler as findGroupOwners } from "#functions/find-group-owners/handler";
import { handler as ingestGroups } from "#functions/ingest-groups/handler";
import { handler as ingestUsers } from "#functions/ingest-users/handler";
import { handler as listGroupMembers } from "#functions/list-group-members/handler";
import { handler as validateCredentials } from "#functions/validate-credentials/handler";
import { startS3 } from "#local/aws/s3/server";
import { startSecretsManager } from "#local/aws/secrets-manager";
import { withoutConnectTime } from "#local/compare/differences";
import { type ExchangeOptions, startExchange } from "#local/exchange/server";
import { latestKey, snapshotKinds } from "#snapshots/layout";
import { credentials } from "#test/support/credentials";
import { makeMemoryFolder } from "#test/support/memory-folder";
import { openSnapshots } from "#test/support/storage";

const bucket = "test-bucket";
const secretId = "test/credential";

export type Gateway = Awaited<ReturnType<typeof startGateway>>;

/**
 * The whole path in this process: a local Exchange Online, S3 and Secrets Manager, and the functions' handlers set up
 * to reach them through real PowerShell. One at a time, because functions read their set-up from `process.env`.
 */
export async function startGateway(options: ExchangeOptions) {
  const folder = mkdtempSync(join(tmpdir(), "gateway-test-"));
  const bucketFolder = makeMemoryFolder("gateway-test-");
  const exchange = await startExchange(options);
  const s3 = await startS3({ folder: bucketFolder, buckets: [bucket], credentials });
  const secretsManager = await startSecretsManager({ credentials });
  secretsManager.putSecret(secretId, JSON.stringify(exchange.secret));
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, exchange.caCertificate);

  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    HTTPS_PROXY: exchange.proxy,
    SSL_CERT_FILE: caFile,
    // Else PowerShell reads each certificate authority of the machine whenever it starts.
    SSL_CERT_DIR: join(folder, "none"),
    GATEWAY_BUCKET: bucket,
    GATEWAY_SECRET_ID: secretId,
    GATEWAY_EXCHANGE_ENVIRONMENT: exchange.environment,
    POWERSHELL_PATH: process.env.TEST_POWERSHELL_PATH,
    ...(process.env.TEST_EXCHANGE_MODULE_PATH ? { EXCHANGE_MODULE_PATH: process.env.TEST_EXCHANGE_MODULE_PATH } : {}),
  });

  const snapshots = openSnapshots(join(bucketFolder, bucket));
  return {
    exchange,
    s3,
    secretsManager,
    folder,
    bucketFolder,
    caFile,

    /** Stores another credential, as an administrator would. */
    replaceSecret: (text: string) => secretsManager.putSecret(secretId, text),

    /** The same so that no earlier version can take its place. */
    replaceSecretForGood: (text: string) => {
      secretsManager.putSecret(secretId, text);
      secretsManager.putSecret(secretId, text);
    },

    ingestUsers: (event: object = {}, limitMs = 600_000) => ingestUsers(event, lambdaContext(limitMs)),
    ingestGroups: (event: object = {}, limitMs = 600_000) => ingestGroups(event, lambdaContext(limitMs)),

    listGroupMembers: (event: object, limitMs = 60_000) => listGroupMembers(event, lambdaContext(limitMs)),

    findGroupOwners: (event: object, limitMs = 60_000) => findGroupOwners(event, lambdaContext(limitMs)),

    /** How fast the machine is says nothing of the credential. */
    validateCredentials: async () => withoutConnectTime(await validateCredentials({}, lambdaContext(600_000))),

    /** Ends the session, so that the next invocation opens one as the environment then says. */
    closeSession: closeSharedClient,

    /** Lets nobody wait for a run that was killed, as time does. */
    endLeases: () => {
      for (const kind of snapshotKinds) {
        const latest = snapshots.readLatest(kind);
        if (!latest?.run) continue;
        const run = { ...latest.run, leaseUntil: new Date(0).toISOString() };
        snapshots.write(latestKey(kind), JSON.stringify({ ...latest, run }));
      }
    },

    ...snapshots,

    stop: async () => {
      await closeSharedClient();
      await Promise.all([exchange.stop(), s3.stop(), secretsManager.stop()]);
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, before);
      for (const each of [folder, bucketFolder]) rmSync(each, { recursive: true, force: true });
    },
  };
}

function lambdaContext(limitMs: number): Context {
  const endsAt = Date.now() + limitMs;
  return {
    awsRequestId: "00000000-0000-0000-0000-000000000000",
    functionName: "ingest-users",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:eu-central-1:000000000000:function:ingest-users",
    memoryLimitInMB: "1769",
    getRemainingTimeInMillis: () => endsAt - Date.now(),
  } as Context;
}
