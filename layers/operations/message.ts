import * as z from "zod";
import { textSchema } from "#exchange/values";
import { shorten } from "#runtime/text";

export const operationIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, "is not 1 to 128 letters, digits, _ or -");

const requestedBySchema = z.string().min(1).max(320);

/** Clocks differ, and zones are mistaken; what is further ahead could begin anew once its operation is forgotten. */
const farthestAheadMs = 24 * 60 * 60 * 1000;

/** What every request carries. */
export const requestFields = {
  version: z.literal(1).exactOptional().describe("Of this form of requests. 1 where it is absent."),
  operationId: operationIdSchema.describe("Names the operation for good: the same request may come again under it."),
  requestedAt: z.iso
    .datetime({ offset: true })
    .refine((text) => Date.parse(text) - Date.now() <= farthestAheadMs, "is more than a day ahead")
    .describe("ISO 8601. Older than 30 days, or more than a day ahead, is refused."),
  requestedBy: requestedBySchema.describe("Who asked for it, for the record."),
  dryRun: z.boolean().exactOptional().describe("Resolves and checks everything, changes nothing, claims no operation."),
};

type RequestFields = z.infer<z.ZodObject<typeof requestFields>>;

/** Changes say who asked for them; one that only reads may do without. */
export type OperationRequest = Omit<RequestFields, "requestedBy"> & Partial<Pick<RequestFields, "requestedBy">>;

/** So many people or lists can be added at once. */
const mostMembers = 50;

/** An entry that names nobody, or one too many, is no fault of whoever sends the message: its result says so. */
export const memberListSchema = z
  .array(textSchema)
  .min(1)
  .meta({ maxItems: mostMembers })
  .describe(
    `People, contacts or groups, at most ${mostMembers}: address, alias, GUID, distinguished name or name of each.`,
  );

/** A sentence for whoever asked to add more than can be added at once. */
export function describeTooMany(members: readonly unknown[]): string | undefined {
  if (members.length <= mostMembers) return undefined;
  return `At most ${mostMembers} people or lists can be added at once; there are ${members.length}. Please ask in several steps.`;
}

/** What a message tells of its request, as far as it can be read. */
export type RequestEnvelope = {
  operationId: string | null;
  requestedAt: string | null;
  requestedBy: string | null;
  dryRun: boolean;
};

/** The request, or what is wrong with the message and who it may have come from. */
export type ParsedRequest<Request> = { request: Request } | { problem: string; envelope: RequestEnvelope };

/** A time, whatever it is written in, and what the log and a result can hold of what is wrong with a message. */
const longestTime = 64;
const longestProblem = 4_000;

const envelopeSchema = z.looseObject({
  operationId: operationIdSchema.nullable().catch(null),
  requestedAt: z.string().max(longestTime).nullable().catch(null),
  requestedBy: requestedBySchema.nullable().catch(null),
  dryRun: z.boolean().catch(false),
});

/** Reads a message's body. */
export function parseRequest<Request>(body: string, schema: z.ZodType<Request>): ParsedRequest<Request> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    return { problem: `The message is no JSON: ${(error as Error).message}`, envelope: envelopeSchema.parse({}) };
  }
  const request = schema.safeParse(json);
  if (request.success) return { request: request.data };
  const envelope = envelopeSchema.safeParse(json);
  return {
    problem: shorten(z.prettifyError(request.error), longestProblem),
    envelope: envelope.success ? envelope.data : envelopeSchema.parse({}),
  };
}

/** What a request that was understood tells. */
export function envelopeOf({
  operationId,
  requestedAt,
  requestedBy,
  dryRun = false,
}: OperationRequest): RequestEnvelope {
  return { operationId, requestedAt, requestedBy: requestedBy ?? null, dryRun };
}

const firstPauseMs = 5_000;
const factor = 5;

/** How long a message waits before it comes again: up to 5 s, 25 s, 2 min, 10 min, not the same for all at once. */
export function retryPauseMs({ attributes }: Message): number {
  return vary(firstPauseMs * factor ** (attributes.ApproximateReceiveCount - 1));
}

/** The same, up to 5 s, after an attempt that got on and ran out of time: nothing is to be waited for. */
export function shortPauseMs(): number {
  return vary(firstPauseMs);
}

function vary(pauseMs: number): number {
  return pauseMs * (0.5 + Math.random() / 2);
}

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

type MessageEvent = z.infer<typeof messageEventSchema>;
export type Message = MessageEvent["Records"][0];

/** What the event source is told: it deletes the message unless it is named here. */
export type BatchAnswer = { batchItemFailures: { itemIdentifier: string }[] };

export const ack: BatchAnswer = { batchItemFailures: [] };

/** The message stays in its queue and comes again. */
export function retryLater({ messageId }: Message): BatchAnswer {
  return { batchItemFailures: [{ itemIdentifier: messageId }] };
}

/** As many times is a message received before it goes to the dead-letter queue. */
export const maxReceiveCount = 5;

export function isLastReceive({ attributes }: Message): boolean {
  return attributes.ApproximateReceiveCount >= maxReceiveCount;
}
