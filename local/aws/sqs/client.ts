import { SQSClient } from "@aws-sdk/client-sqs";
import { region } from "#local/aws/sqs/queues";

/** A client of a local SQS. */
export function createSqsClient(endpoint: string): SQSClient {
  return new SQSClient({ endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } });
}
