import type { Message } from "#operations/message";

/** A message as a function takes it out of its event, received for the so-manieth time. */
export function messageOf(body: string | object, receives = 1): Message {
  return {
    messageId: "m",
    receiptHandle: "r",
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: receives },
    eventSourceARN: "arn:aws:sqs:eu-central-1:000000000000:queue",
  };
}
