import { Expansion, type FoundMember, type IncompleteReason } from "#directory/expansion";
import { createMemberSource, type MemberSource } from "#directory/members";
import {
  type Audience,
  audienceKeys,
  type ExpandAudienceRequest,
  noteWarning,
  type ReadSettings,
} from "#operations/expand-audience/audience";
import { describeProgress } from "#operations/expand-audience/describe-audience";
import type { Attempt } from "#operations/operation-type";
import { type Deadline, remainingMs, watchDeadline } from "#runtime/deadline";
import { ExchangeError, toExchangeError } from "#runtime/errors";
import { createAttempts } from "#runtime/retry";
import type { ObjectStore } from "#storage/object-store";
import { type Page, type PageLimits, PageText, readPages, storeText, writePages } from "#storage/pages";

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
  settings: ReadSettings,
): Promise<void> {
  if (audience.readEndedAt !== null) return;
  const reading = openReading(attempt, audience, await readFoundIds(attempt.store, audience), settings);
  const { signal, stopWatching } = watchDeadline(attempt.deadline, () => tooLate(reading.expansion));
  try {
    while (audience.readEndedAt === null) {
      const members = reading.withNotices(readUntilDue(reading, settings));
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
  settings: ReadSettings,
): Promise<IncompleteReason | null> {
  const reading = openReading(attempt, audience, new Set(), settings);
  try {
    const members = reading.expansion.readAll(reading.source, { deadline: reading.until });
    for await (const _ of reading.withNotices(members)); // counting is all there is to do
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
  { checkpointRows, checkpointMs }: ReadSettings,
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

/** The ids of every member found so far. `STORAGE_CORRUPT` where a page is gone or is not what was written. */
async function readFoundIds(store: ObjectStore, { pages, leftOut }: Audience): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { id } of readPages(store, [...pages, ...leftOut], { corrupt })) ids.add(id);
  return ids;
}

function corrupt(key: string, problem: string): ExchangeError {
  return new ExchangeError(
    "STORAGE_CORRUPT",
    `The audience cannot be gone on with: ${key} ${problem}. Put an earlier version of it back, or ask under another operationId.`,
  );
}

/** The reading of an audience under way. */
type Reading = {
  expansion: Expansion;
  source: MemberSource;
  /** When reading ends, whole or not. */
  until: Deadline;
  /** What is known between two groups. */
  checkpoint(): Pick<Audience, "expansion" | "warnings">;
  /** The same members; while they pass it is told how far things are. */
  withNotices(members: AsyncIterable<FoundMember>): AsyncGenerator<FoundMember, void>;
  close(): void;
};

/** Goes on from what is known of an audience, with the ids of everybody who was found so far. It has to be closed. */
function openReading(
  { client, deadline, tell }: Pick<Attempt<unknown>, "client" | "deadline" | "tell">,
  audience: Audience,
  found: Set<string>,
  { reserveMs, noticeMs, retryPausesMs }: ReadSettings,
): Reading {
  const until = { at: deadline.at - reserveMs };
  const expansion = new Expansion(audience.expansion, found);
  const warnings = structuredClone(audience.warnings);
  const { signal, stopWatching } = watchDeadline(until, () => tooLate(expansion));
  const source = createMemberSource(client, {
    deadline: until,
    attempts: createAttempts(retryPausesMs, signal),
    onWarning: (text) => noteWarning(warnings, text),
  });
  const checkpoint = () => ({ expansion: expansion.state, warnings: structuredClone(warnings) });

  async function* withNotices(members: AsyncIterable<FoundMember>): AsyncGenerator<FoundMember, void> {
    let toldAt = Date.now();
    for await (const member of members) {
      yield member;
      if (Date.now() - toldAt < noticeMs) continue;
      toldAt = Date.now();
      await tell(describeProgress({ ...audience, ...checkpoint() }));
    }
  }

  return { expansion, source, until, checkpoint, withNotices, close: stopWatching };
}

/** What ends a reading whose time is over. */
function tooLate({ unreadGroups }: Expansion, cause?: ExchangeError): ExchangeError {
  const message = `The time was over with ${unreadGroups} groups still to read. The next attempt goes on from what was kept.`;
  return new ExchangeError("DEADLINE_TOO_CLOSE", message, { cause });
}

/** Where members are written to. */
type Target = {
  store: ObjectStore;
  /** Whether members of a type belong into the pages. */
  isIncluded: (type: string) => boolean;
  pageKey: (pageNumber: number) => string;
  leftOutKey: string;
  signal: AbortSignal;
};

const limits: PageLimits = { maxRows: 5_000, maxBytes: 8 * 2 ** 20 };

/** Writes members as pages, a line each with the ids of the groups between; and the ids of those that do not belong there. */
async function writeMembers(
  members: AsyncIterable<FoundMember>,
  { store, isIncluded, pageKey, leftOutKey, signal }: Target,
): Promise<{ pages: Page[]; leftOut: Page[] }> {
  const leftOut = new PageText();
  async function* lines(): AsyncGenerator<string, void> {
    for await (const { member, path } of members) {
      const isPageLine = isIncluded(member.type);
      const line = `${JSON.stringify(isPageLine ? { ...member, path: path.map(({ id }) => id) } : { id: member.id })}\n`;
      if (isPageLine) yield line;
      else await leftOut.add(line, Buffer.byteLength(line));
    }
  }

  try {
    const pages = await writePages(lines(), { store, keyOf: pageKey, limits, signal });
    return { pages, leftOut: leftOut.rows > 0 ? [await storeText(leftOut, leftOutKey, store, signal)] : [] };
  } finally {
    leftOut.discard();
  }
}
