import { createHash, randomUUID } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { toMessageText } from "#operations/queues";

export type SentMessage = { operationId: unknown; body: string };

/** What SQS takes as a deduplication id. */
const deduplicationId = /^[!-~]{1,128}$/;

/**
 * Sends a request as the bot does, with an operationId and the time where it has none. Everything else is left as it is:
 * the function judges it. Throws where the text is not one JSON object.
 */
export async function sendMessage(client: SQSClient, queueUrl: string, text: string): Promise<SentMessage> {
  const request = { operationId: randomUUID(), requestedAt: new Date().toISOString(), ...parseRequest(text) };
  const { operationId } = request;
  const body = toMessageText(request);
  const order = {
    MessageGroupId: messageGroupOf(request),
    MessageDeduplicationId: deduplicationId.test(String(operationId)) ? String(operationId) : randomUUID(),
  };
  const isFifo = queueUrl.endsWith(".fifo");
  await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, ...(isFifo ? order : {}) }));
  return { operationId, body };
}

function parseRequest(text: string): Record<string, unknown> {
  const request: unknown = JSON.parse(text);
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    throw new Error("The message must be a JSON object.");
  }
  return request as Record<string, unknown>;
}

/** Changes of one group, however it is spelt, keep their order. */
function messageGroupOf({ group, name }: Record<string, unknown>): string {
  const named = String(group ?? name ?? "");
  return createHash("sha256").update(named.normalize("NFKC").trim().toLowerCase()).digest("hex");
}
