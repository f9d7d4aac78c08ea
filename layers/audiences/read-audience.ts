import type { Audience } from "#audiences/audience";
import { audienceKeys } from "#audiences/audience-keys";
import type { ExpandAudienceRequest } from "#audiences/expand-audience-request";
import { readFoundIds } from "#audiences/found-ids";
import { openReading, type Reading, tooLate } from "#audiences/open-reading";
import type { Pace } from "#audiences/pace";
import { type Target, writeMembers } from "#audiences/write-members";
import type { FoundMember, IncompleteReason } from "#directory/expansion";
import type { Attempt } from "#operations/skill";
import { remainingMs, watchDeadline } from "#runtime/deadline";
import { type ExchangeError, toExchangeError } from "#runtime/errors";

type AudienceAttempt = Omit<Attempt<unknown>, "state">;

/**
 * Goes on with an audience until every group of it is read, and writes pages. At checkpoints, which are ends of groups, what
 * was read is put into `audience` and kept: pages written after the last one do not count. Throws `DEADLINE_TOO_CLOSE` when
 * the time is over.
 */
export async function readAudience(
  request: ExpandAudienceRequest,
  attempt: AudienceAttempt,
  audience: Audience,
  pace: Pace,
): Promise<void> {
  if (audience.readEndedAt !== null) return;
  const reading = openReading(attempt, audience, await readFoundIds(attempt.store, audience), pace);
  const { signal, stopWatching } = watchDeadline(attempt.deadline, () => tooLate(reading.expansion));
  try {
    while (audience.readEndedAt === null) {
      const members = reading.tellOf(readUntilDue(reading, pace));
      const written = await writeMembers(members, { ...targetOf(request, attempt, audience), signal }).catch(
        (thrown) => {
          throw explain(thrown, reading);
        },
      );
      audience.pages.push(...written.pages);
      audience.leftOut.push(...written.leftOut);
      Object.assign(audience, reading.checkpoint());
      if (reading.expansion.unreadGroups === 0) audience.readEndedAt = new Date().toISOString();
      await attempt.keep();
    }
  } finally {
    stopWatching();
    reading.close();
  }
}

/** Reads an audience as far as there is time, writes and keeps nothing, and answers why it is not everybody. */
export async function countAudience(
  attempt: AudienceAttempt,
  audience: Audience,
  pace: Pace,
): Promise<IncompleteReason | null> {
  const reading = openReading(attempt, audience, new Set(), pace);
  try {
    const members = reading.expansion.readAll(reading.source, { deadline: reading.until });
    for await (const _ of reading.tellOf(members)); // counting is all there is to do
  } finally {
    reading.close();
  }
  Object.assign(audience, reading.checkpoint(), { readEndedAt: new Date().toISOString() });
  return reading.expansion.incompleteReason;
}

/** Where this attempt writes what it reads next. */
function targetOf(
  { operationId, include }: ExpandAudienceRequest,
  { store, number }: AudienceAttempt,
  { expansion, pages, leftOut }: Audience,
): Omit<Target, "signal"> {
  const keys = audienceKeys(expansion.groups[0]?.id ?? "", operationId);
  return {
    store,
    isIncluded: (type) => include?.some((each) => each === type) ?? true,
    pageKey: (pageNumber) => keys.page(number, pages.length + pageNumber),
    leftOutKey: keys.leftOut(number, leftOut.length + 1),
  };
}

/** Reads at least one group, and more until a checkpoint is due or the time is over. */
async function* readUntilDue(
  { expansion, source, until }: Reading,
  { checkpointRows, checkpointMs }: Pace,
): AsyncGenerator<FoundMember, void> {
  const dueAt = Math.min(Date.now() + checkpointMs, until.at);
  let rows = 0;
  do {
    for await (const found of expansion.readNext(source)) {
      rows += 1;
      yield found;
    }
  } while (expansion.unreadGroups > 0 && rows < checkpointRows && Date.now() < dueAt);
}

/** When the time is over that is what ended the reading, whatever broke because of it. */
function explain(thrown: unknown, { expansion, until }: Reading): ExchangeError {
  const error = toExchangeError(thrown);
  return error.retryable && remainingMs(until) === 0 ? tooLate(expansion, error) : error;
}
