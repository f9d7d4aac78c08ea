import { SQSClient } from "@aws-sdk/client-sqs";
import type { AwsCredentials } from "#local/aws/credentials";
import { region } from "#local/aws/sqs/queues";

/** A client of a local SQS. */
export function createSqsClient(address: { sqs: string } & AwsCredentials): SQSClient {
  const { sqs: endpoint, accessKeyId, secretAccessKey } = address;
  return new SQSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}
