import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { buildApp } from "fauxqs";
import { type QueueFunction, queueFunctions, visibilityPerTimeout } from "#functions/facts";
import { jsonRefusal } from "#local/aws/http-server";
import { type AwsCredentials, findSignatureFault } from "#local/aws/signature";
import { maxReceiveCount } from "#operations/message";

/** Where functions say what came of a message. A standard queue. */
const resultsQueue = "results";

export type QueueKey = QueueFunction | `${QueueFunction}-dlq` | typeof resultsQueue;

/** A queue as CreateQueue takes it. */
type QueueDefinition = { key: QueueKey; name: string; attributes: Record<string, string> };

export const region = "eu-central-1";
const accountId = "000000000000";

/** Every queue, a dead-letter queue before the queue that names it. A visibility time-out replaces each function's own. */
function defineQueues(visibilitySeconds?: number): QueueDefinition[] {
  const functionNames = Object.keys(queueFunctions) as QueueFunction[];
  return [
    ...functionNames.flatMap((name) => {
      const { timeoutSeconds, isFifo } = queueFunctions[name];
      const deadLetters = define(`${name}-dlq`, isFifo, {});
      const queue = define(name, isFifo, {
        VisibilityTimeout: String(visibilitySeconds ?? visibilityPerTimeout * timeoutSeconds),
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: `arn:aws:sqs:${region}:${accountId}:${deadLetters.name}`,
          maxReceiveCount,
        }),
      });
      return [deadLetters, queue];
    }),
    define(resultsQueue, false, {}),
  ];
}

/** The name of a FIFO queue, and of no other, ends with ".fifo". */
function define(key: QueueKey, isFifo: boolean, attributes: Record<string, string>): QueueDefinition {
  if (!isFifo) return { key, name: key, attributes };
  return { key, name: `${key}.fifo`, attributes: { FifoQueue: "true", ...attributes } };
}

/** URLs by the name of the function that reads the queue; `results`, and `…-dlq` for dead letters, beside them. */
export type QueueUrls = Record<QueueKey, string>;

/** The host of queue URLs that fauxqs answers, which only some resolvers know. */
const unresolvedHost = `sqs.${region}.localhost`;

type Options = { credentials: AwsCredentials; visibilitySeconds?: number };

export type LocalSqs = { url: string; queues: QueueUrls; stop(): Promise<void> };

/**
 * An SQS on this machine alone, on a free port, with the gateway's queues, for who has the key. Messages are kept in memory
 * and nowhere else.
 *
 * @example
 * const sqs = await startSqs({ credentials }); // AWS_ENDPOINT_URL_SQS=${sqs.url} GATEWAY_RESULTS_QUEUE=${sqs.queues.results}
 */
export async function startSqs({ credentials, visibilitySeconds }: Options): Promise<LocalSqs> {
  const app = buildApp({ logger: false, defaultRegion: region });
  app.addHook("preParsing", async ({ method, originalUrl, headers }, reply, stream) => {
    const body = await buffer(stream);
    const fault = findSignatureFault({ method, url: originalUrl, headers, body }, credentials);
    if (fault === undefined) return Readable.from([body]);
    const refusal = jsonRefusal(fault);
    return reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
  });
  app.addHook("onSend", async ({ headers }, _reply, answer) => {
    return answersUrls(headers) && typeof answer === "string" ? answer.replaceAll(unresolvedHost, "127.0.0.1") : answer;
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const definitions = defineQueues(visibilitySeconds);
  const client = createSqsClient({ sqs: url, ...credentials });
  for (const { name, attributes } of definitions) {
    await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  }
  client.destroy();

  const urls = definitions.map(({ key, name }) => [key, `${url}/${accountId}/${name}`]);
  return { url, queues: Object.fromEntries(urls), stop: () => app.close() };
}

function answersUrls(headers: IncomingHttpHeaders): boolean {
  return /\.(CreateQueue|GetQueueUrl|ListQueues)$/.test(String(headers["x-amz-target"]));
}

/** A client of a local SQS. */
export function createSqsClient(address: { sqs: string } & AwsCredentials): SQSClient {
  const { sqs: endpoint, accessKeyId, secretAccessKey } = address;
  return new SQSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}
