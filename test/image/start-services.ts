import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { startS3 } from "#local/aws/s3/server";
import { startSecretsManager } from "#local/aws/secrets-manager";
import { createSqsClient, startSqs } from "#local/aws/sqs";
import { startExchange } from "#local/exchange/server";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { startRelay } from "#test/image/start-relay";
import { credentials } from "#test/support/credentials";

const bucket = "test-bucket";
const secretId = "test/credential";

export type Services = Awaited<ReturnType<typeof startServices>>;

/** What a deployed function reaches by the network: Exchange Online and AWS's services, each behind a relay. */
export async function startServices(tenant: Tenant) {
  const folder = mkdtempSync(join(tmpdir(), "image-services-"));
  const exchange = await startExchange({ tenant });
  const s3 = await startS3({ folder: join(folder, "s3"), buckets: [bucket], credentials });
  const secretsManager = await startSecretsManager({ credentials });
  secretsManager.putSecret(secretId, JSON.stringify(exchange.secret));
  const sqs = await startSqs({ credentials });
  writeFileSync(join(folder, "ca.pem"), exchange.caCertificate);

  const relays = await Promise.all([exchange.proxy, s3.url, secretsManager.url, sqs.url].map(startRelay));
  const [exchangeUrl = "", s3Url = "", secretsManagerUrl = "", sqsUrl = ""] = relays.map(({ url }) => url);
  const results = createSqsClient({ sqs: sqs.url, ...credentials });

  return {
    folder,

    /** What the deployment tells a function by its environment, with what makes this machine AWS and Exchange Online. */
    environment: {
      GATEWAY_BUCKET: bucket,
      GATEWAY_SECRET_ID: secretId,
      GATEWAY_RESULTS_QUEUE: sqs.queues.results.replace(sqs.url, sqsUrl),
      GATEWAY_TENANT: "contoso",
      POWERSHELL_PATH: process.env.TEST_POWERSHELL_PATH ?? "",
      ...(process.env.TEST_EXCHANGE_MODULE_PATH ? { EXCHANGE_MODULE_PATH: process.env.TEST_EXCHANGE_MODULE_PATH } : {}),
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_S3: s3Url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManagerUrl,
      AWS_ENDPOINT_URL_SQS: sqsUrl,
      HTTPS_PROXY: exchangeUrl,
      SSL_CERT_FILE: join(folder, "ca.pem"),
      SSL_CERT_DIR: join(folder, "none"),
    },

    /** Lets every connection die without a word to those who hold it. */
    cutConnections: () => {
      for (const relay of relays) relay.cut();
    },

    /** The next result that a function has sent; undefined where there is none. */
    takeResult: async (): Promise<Record<string, unknown> | undefined> => {
      const QueueUrl = sqs.queues.results;
      const { Messages: [message] = [] } = await results.send(new ReceiveMessageCommand({ QueueUrl }));
      if (message === undefined) return undefined;
      await results.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      return JSON.parse(message.Body ?? "");
    },

    stop: async () => {
      results.destroy();
      await Promise.all(relays.map((relay) => relay.stop()));
      await Promise.all([exchange.stop(), s3.stop(), secretsManager.stop(), sqs.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
