import { randomUUID } from "node:crypto";

/** What the bot sends: a request under an operationId of its own. */
export function messageBody(request: object): string {
  const requestedAt = new Date().toISOString();
  return JSON.stringify({ operationId: randomUUID(), requestedAt, requestedBy: "anna@contoso.com", ...request });
}

/** What Lambda makes of a message that its queue gives out. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function messageEvent(functionName: string, body: string, receiveCount: number) {
  return {
    Records: [
      {
        messageId: randomUUID(),
        receiptHandle: randomUUID(),
        body,
        attributes: { ApproximateReceiveCount: String(receiveCount) },
        eventSource: "aws:sqs",
        eventSourceARN: `arn:aws:sqs:eu-central-1:000000000000:${functionName}.fifo`,
      },
    ],
  };
}
