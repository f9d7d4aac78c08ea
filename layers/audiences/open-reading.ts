import { type Audience, noteWarning } from "#audiences/audience";
import { describeProgress } from "#audiences/describe-audience";
import type { Pace } from "#audiences/pace";
import { Expansion, type FoundMember } from "#directory/expansion";
import { createMemberSource, type MemberSource } from "#directory/members";
import type { Attempt } from "#operations/skill";
import { type Deadline, watchDeadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { createAttempts } from "#runtime/retry";

/** The reading of an audience under way. */
export type Reading = {
  expansion: Expansion;
  source: MemberSource;
  /** When reading ends, whole or not. */
  until: Deadline;
  /** What is known between two groups. */
  checkpoint(): Pick<Audience, "expansion" | "warnings">;
  /** The same members; while they pass it is told how far things are. */
  tellOf(members: AsyncIterable<FoundMember>): AsyncGenerator<FoundMember, void>;
  close(): void;
};

/** Goes on from what is known of an audience, with the ids of everybody who was found so far. It has to be closed. */
export function openReading(
  { client, deadline, tell }: Pick<Attempt<unknown>, "client" | "deadline" | "tell">,
  audience: Audience,
  found: Set<string>,
  { reserveMs, noticeMs, retryPausesMs }: Pace,
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

  async function* tellOf(members: AsyncIterable<FoundMember>): AsyncGenerator<FoundMember, void> {
    let toldAt = Date.now();
    for await (const member of members) {
      yield member;
      if (Date.now() - toldAt < noticeMs) continue;
      toldAt = Date.now();
      await tell(describeProgress({ ...audience, ...checkpoint() }));
    }
  }

  return { expansion, source, until, checkpoint, tellOf, close: stopWatching };
}

/** What ends a reading whose time is over. */
export function tooLate({ unreadGroups }: Expansion, cause?: ExchangeError): ExchangeError {
  const message = `The time was over with ${unreadGroups} groups still to read. The next attempt goes on from what was kept.`;
  return new ExchangeError("DEADLINE_TOO_CLOSE", message, { cause });
}
