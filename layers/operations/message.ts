import * as z from "zod";

/**
 * The event of one message. A function reads its queue with batch size 1.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export const messageEventSchema = z.looseObject({
  Records: z.tuple([
    z.looseObject({
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      attributes: z.looseObject({ ApproximateReceiveCount: z.coerce.number().int().positive() }),
      eventSourceARN: z.string(),
    }),
  ]),
});

export type MessageEvent = z.infer<typeof messageEventSchema>;
export type Message = MessageEvent["Records"][0];

/** What the event source is told: it deletes the message unless it is named here. */
export type BatchAnswer = { batchItemFailures: { itemIdentifier: string }[] };

export const done: BatchAnswer = { batchItemFailures: [] };

/** The message stays in its queue and comes again. */
export function again({ messageId }: Message): BatchAnswer {
  return { batchItemFailures: [{ itemIdentifier: messageId }] };
}

/** As many times is a message received before it goes to the dead-letter queue. */
export const maxReceiveCount = 5;

export function isLastReceive({ attributes }: Message): boolean {
  return attributes.ApproximateReceiveCount >= maxReceiveCount;
}
