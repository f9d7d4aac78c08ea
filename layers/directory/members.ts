import { knownText } from "#directory/fields";
import { type Member, parseMember } from "#directory/records";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { type GroupMemberRow, getDistributionGroupMember } from "#exchange/cmdlets/distribution-group";
import { objectId, parseGuid } from "#exchange/values";
import { ExchangeError } from "#runtime/errors";
import type { Attempts } from "#runtime/retry";
import { summarizeIssues } from "#runtime/text";

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
        await attempts.backoff(attempt, error);
      }
    }
  };
}

/** A member, or what is said of a row that is none: its id, where it has one, and the reason without any of its values. */
export type MemberReading = { ok: true; member: Member } | { ok: false; id: string | undefined; reason: string };

export type ListBounds = {
  /** So many at most; everybody where it is absent. */
  maxRows?: number;
  /** Called where a group may have more than that. */
  onCut?: () => void;
};

/**
 * The direct members of a distribution group, in Exchange's order; a group among them is one member, and a member can come
 * twice. Streams, and reads once: what fails half-way has to be read from its start. Throws `OBJECT_NOT_FOUND` where the
 * group is gone, or of a kind that Get-DistributionGroupMember does not list.
 */
export async function* listMembers(
  reader: ExchangeReader,
  group: { id: string },
  { maxRows, onCut, ...options }: ReadOptions & ListBounds,
): AsyncGenerator<MemberReading, void> {
  const id = parseGuid(group.id);
  if (id === undefined) throw new ExchangeError("PARAMETER_INVALID", "A group's id is a GUID.");
  const parameters = { Identity: id, ResultSize: maxRows ?? ("Unlimited" as const) };
  let rows = 0;
  for await (const parsed of reader.read(getDistributionGroupMember, parameters, options)) {
    rows += 1;
    yield parsed.ok ? toReading(parsed.row) : parsed;
  }
  if (rows === maxRows) onCut?.();
}

function toReading(row: GroupMemberRow): MemberReading {
  const id = objectId(row);
  const member = parseMember({
    id,
    entraId: parseGuid(row.ExternalDirectoryObjectId),
    name: knownText(row.Name),
    displayName: knownText(row.DisplayName),
    address: knownText(row.PrimarySmtpAddress),
    type: row.RecipientTypeDetails,
  });
  return member.success ? { ok: true, member: member.data } : { ok: false, id, reason: summarizeIssues(member.error) };
}
