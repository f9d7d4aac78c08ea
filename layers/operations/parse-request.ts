import * as z from "zod";
import { type OperationRequest, operationIdSchema } from "#operations/request";

/** What a message tells of its request, as far as it can be read. */
export type Told = {
  operationId: string | null;
  requestedAt: string | null;
  requestedBy: string | null;
  dryRun: boolean;
};

/** The request, or what is wrong with the message and who it may have come from. */
export type ParsedRequest<Request> = { request: Request } | { problem: string; told: Told };

const toldSchema = z.looseObject({
  operationId: operationIdSchema.nullable().catch(null),
  requestedAt: z.string().nullable().catch(null),
  requestedBy: z.string().nullable().catch(null),
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
  return { problem: z.prettifyError(request.error), told: told.success ? told.data : toldSchema.parse({}) };
}

/** What a request that was understood tells. */
export function toldBy({ operationId, requestedAt, requestedBy, dryRun = false }: OperationRequest): Told {
  return { operationId, requestedAt, requestedBy: requestedBy ?? null, dryRun };
}
