import * as z from "zod";
import { type OperationRequest, operationIdSchema, requestedBySchema } from "#operations/request";
import { shorten } from "#runtime/text";

/** What a message tells of its request, as far as it can be read. */
export type Told = {
  operationId: string | null;
  requestedAt: string | null;
  requestedBy: string | null;
  dryRun: boolean;
};

/** The request, or what is wrong with the message and who it may have come from. */
export type ParsedRequest<Request> = { request: Request } | { problem: string; told: Told };

/** A time, whatever it is written in, and what the log and a result can hold of what is wrong with a message. */
const longestTime = 64;
const longestProblem = 4_000;

const toldSchema = z.looseObject({
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
    return { problem: `The message is no JSON: ${(error as Error).message}`, told: toldSchema.parse({}) };
  }
  const request = schema.safeParse(json);
  if (request.success) return { request: request.data };
  const told = toldSchema.safeParse(json);
  return {
    problem: shorten(z.prettifyError(request.error), longestProblem),
    told: told.success ? told.data : toldSchema.parse({}),
  };
}

/** What a request that was understood tells. */
export function toldBy({ operationId, requestedAt, requestedBy, dryRun = false }: OperationRequest): Told {
  return { operationId, requestedAt, requestedBy: requestedBy ?? null, dryRun };
}
