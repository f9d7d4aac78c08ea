import { type ListBounds, listMembers, type MemberReading } from "#directory/members";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import type { Attempts } from "#runtime/retry";

/** Gives a group's direct members; one can come twice. Throws `OBJECT_NOT_FOUND` where there is no such group any more. */
export type MemberSource = (group: { id: string }) => AsyncIterable<MemberReading>;

/**
 * Groups as a client reads them. What breaks off is read again from its start, as often as `attempts` says: members come
 * again then. What is no record is told at the end, so that it is told once.
 */
export function createMemberSource(
  reader: ExchangeReader,
  { attempts, ...options }: ReadOptions & ListBounds & { attempts: Attempts },
): MemberSource {
  return async function* readMembers(group) {
    for (let attempt = 0; ; attempt += 1) {
      const others: MemberReading[] = [];
      try {
        for await (const reading of listMembers(reader, group, options)) {
          if (reading.ok) yield reading;
          else others.push(reading);
        }
        return yield* others;
      } catch (error) {
        await attempts.pauseOrThrow(attempt, error);
      }
    }
  };
}
