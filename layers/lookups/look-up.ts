import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import type { OpenMembers } from "#directory/collect-members";
import { candidateSchema, type Resolution } from "#directory/identity";
import { createMemberSource } from "#directory/members";
import type { Recipient } from "#directory/recipients";
import { namedSchema } from "#directory/reference";
import type { GroupRefusal } from "#directory/resolve-group";
import { explainUnresolved } from "#directory/unresolved";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { type Deadline, deadlineIn, earlier, remainingMs } from "#runtime/deadline";
import { type ErrorCode, toExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";

/** What every answer says. */
export const answerFields = {
  userMessage: z.string().describe("Sentences an employee understands."),
  source: z.literal("live").describe("Read from Exchange for this answer."),
  asOf: z.iso.datetime().describe("When reading began."),
};

/** The answer where there is not the one group, or the one member, to look at. */
export const refusalSchema = z.strictObject({
  status: z
    .enum(["notFound", "suggested", "ambiguous", "unsupported"])
    .describe(
      "suggested: nothing has just this address or name, but one, the candidate, is called so. unsupported: a group of a kind that cannot be looked at.",
    ),
  about: z.enum(["group", "member"]).describe("Which of what was asked it is about."),
  group: namedSchema.nullable().describe("The one that was found, where it is unsupported."),
  candidates: z.array(candidateSchema).describe("What an ambiguous name may have meant, at most 10."),
  ...answerFields,
});

export type Refusal = z.infer<typeof refusalSchema>;

/** What fails here is asked again as a whole, by lookUp. */
const once = {
  backoff: (_attempt: number, error: unknown) => Promise.reject(error),
};

/** Reads members of groups, each group once. */
export function openMembersOnce(reader: ExchangeReader, options: ReadOptions): OpenMembers {
  return (bounds) => createMemberSource(reader, { ...options, ...bounds, attempts: once });
}

const statuses = {
  OBJECT_NOT_FOUND: "notFound",
  OBJECT_AMBIGUOUS: "ambiguous",
  OBJECT_NOT_EXACT: "suggested",
  GROUP_TYPE_UNSUPPORTED: "unsupported",
} as const satisfies Record<GroupRefusal["code"], Refusal["status"]>;

/** The answer where there is no group to look at. */
export function refuseGroup({ code, userMessage, group, candidates }: GroupRefusal, asOf: string): Refusal {
  return { status: statuses[code], about: "group", userMessage, group, candidates, source: "live", asOf };
}

/** The answer where there is not the one member to look for. */
export function refuseMember(
  identity: string,
  resolution: Exclude<Resolution<Recipient>, { found: Recipient }>,
  asOf: string,
): Refusal {
  const { code, ...said } = explainUnresolved(identity, resolution, "anybody");
  return { status: statuses[code], about: "member", group: null, ...said, source: "live", asOf };
}

/** What a question is answered with: the time there is, and when reading began. */
export type Attempt = { deadline: Deadline; asOf: string };

/** Somebody waits for the answer. */
const answerWithinMs = 25_000;

/** Between the attempts. */
const usualPausesMs = [300, 1_000, 2_000, 4_000, 8_000];

/** An attempt has to have time for a session of its own. */
const neededMs = 8_000;

/** Ends that say nothing of why there was no answer. */
const timeIsUp: ReadonlySet<ErrorCode> = new Set(["POWERSHELL_TIMEOUT", "DEADLINE_TOO_CLOSE"]);

/**
 * Answers a question that somebody waits for, within 25 s. What fails, and may succeed in a moment, is asked again from its
 * start while there is time; not so where Exchange says that it is asked too much. The error of a last attempt that found
 * no time is the one before it.
 */
export async function lookUp<Answer>(
  invocation: { deadline: Deadline },
  look: (attempt: Attempt) => Promise<Answer>,
  pausesMs: readonly number[] = usualPausesMs,
): Promise<Answer> {
  const deadline = earlier(invocation.deadline, deadlineIn(answerWithinMs));
  let lastKnown: unknown;
  for (const pauseMs of [...pausesMs, Number.POSITIVE_INFINITY]) {
    try {
      return await look({ deadline, asOf: new Date().toISOString() });
    } catch (thrown) {
      const error = toExchangeError(thrown);
      if (lastKnown === undefined || !timeIsUp.has(error.code)) lastKnown = thrown;
      const isWorthwhile = error.retryable && error.code !== "THROTTLED";
      if (!isWorthwhile || remainingMs(deadline) < pauseMs + neededMs) break;
      logger.warn("Look-up failed, trying again", { code: error.code, pauseMs, error });
      await delay(pauseMs);
    }
  }
  throw lastKnown;
}
