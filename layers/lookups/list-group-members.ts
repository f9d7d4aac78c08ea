import { createHash, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import * as z from "zod";
import { type Collection, collectMembers, type Scope } from "#directory/collect-members";
import { incompleteReasons, unresolvedSchema } from "#directory/expansion";
import { findAccess } from "#directory/membership";
import { resolveAnybody } from "#directory/recipients";
import { guidSchema } from "#directory/records";
import { namedSchema, nameObject, type Reference, referenceSchema, referTo } from "#directory/reference";
import { identifyGroup, requireDistributionGroup } from "#directory/resolve-group";
import { describeFound, describeGaps } from "#directory/sentences";
import type { ExchangeReader } from "#exchange/client";
import { identitySchema } from "#exchange/values";
import {
  type Attempt,
  answerFields,
  openMembersOnce,
  type Refusal,
  refusalSchema,
  refuseGroup,
  refuseMember,
} from "#lookups/look-up";
import type { ObjectStore } from "#storage/object-store";

type Question = { group: string; scope?: Scope; limit?: number };

/** Who is in a group, as far as there was time to read it. */
export async function listMembers(
  reader: ExchangeReader,
  { group: identity, scope = "direct", limit }: Question,
  { deadline, asOf }: Attempt,
): Promise<MemberList | Refusal> {
  const resolution = await identifyGroup(reader, identity, { deadline });
  const group = requireDistributionGroup(identity, resolution, "Its members cannot be listed here.");
  if ("refusal" in group) return refuseGroup(group.refusal, asOf);

  const root = referTo(group.found);
  const collection = await collectMembers(openMembersOnce(reader, { deadline }), root, { scope, limit, deadline });
  const { members, cycles, unexpanded, unresolved, reason } = collection;
  return {
    status: "found",
    userMessage: describeList(root, collection),
    group: root,
    scope,
    count: members.length,
    complete: reason === null,
    reason,
    members: members.map((found) => nameMember(found, scope)),
    cycles: cycles.map((ring) => ring.map(nameObject).map(({ type: _, ...named }) => named)),
    unexpanded: unexpanded.map(({ foundIn, ...each }) => ({ ...nameObject(each), foundIn: foundIn ?? root.id })),
    unresolved,
    source: "live",
    asOf,
  };
}

function nameMember({ member, path }: Collection["members"][number], scope: Scope): MemberList["members"][number] {
  const named = nameObject(member);
  if (scope === "direct") return named;
  return { ...named, path: path.map(nameObject).map(({ id, name }) => ({ id, name })) };
}

function describeList({ name }: Reference, { members, reason, unexpanded, unresolved }: Collection): string {
  if (reason === "limit") return `${name} has more members than the ${members.length} listed here.`;
  const gaps = describeGaps({ reason, unexpanded: unexpanded.length, unresolved: unresolved.count });
  const byType: Record<string, number> = {};
  for (const { member } of members) byType[member.type] = (byType[member.type] ?? 0) + 1;
  return [describeFound(name, byType, reason === null), ...gaps].join(" ");
}

type AccessQuestion = { group: string; member: string };

/** Whether somebody, or a list, is in a group, and how. Nobody is listed, however large the group is. */
export async function checkAccess(
  reader: ExchangeReader,
  { group: groupIdentity, member: memberIdentity }: AccessQuestion,
  { deadline, asOf }: Attempt,
): Promise<AccessAnswer | Refusal> {
  const resolution = await identifyGroup(reader, groupIdentity, { deadline });
  const group = requireDistributionGroup(groupIdentity, resolution, "Who is in it cannot be told here.");
  if ("refusal" in group) return refuseGroup(group.refusal, asOf);
  const member = await resolveAnybody(reader, memberIdentity, { deadline });
  if (!("found" in member)) return refuseMember(memberIdentity, member, asOf);

  const { how, path } = await findAccess(reader, { group: group.found, member: member.found }, { deadline });
  const way = { group: referTo(group.found), member: referTo(member.found), path: path.map(referTo) };
  const isMember = how !== null;
  const userMessage = describeWay(way, isMember);
  return { status: "found", ...way, isMember, how, userMessage, source: "live", asOf };
}

type Way = { group: Reference; member: Reference; path: Reference[] };

function describeWay({ group, member, path }: Way, isMember: boolean): string {
  if (!isMember) return `${member.name} is not in ${group.name}.`;
  const names = new Intl.ListFormat("en-GB").format(path.map(({ name }) => name));
  return `${member.name} is in ${group.name}${path.length > 0 ? `, through ${names}` : ""}.`;
}

const listedMemberSchema = referenceSchema.extend({
  path: z
    .array(referenceSchema.pick({ id: true, name: true }))
    .exactOptional()
    .describe("With scope all: the lists between, one of the shortest ways; empty for a direct member."),
});

const listFields = {
  status: z.literal("found"),
  group: referenceSchema,
  scope: z.enum(["direct", "all"]),
  count: z.int().nonnegative().describe("How many members are listed, lists among them."),
  cycles: z.array(z.array(namedSchema)).describe("Rings of lists that contain each other, as far as they were read."),
  unexpanded: z
    .array(referenceSchema.extend({ foundIn: guidSchema }))
    .describe("With scope all: teams and dynamic lists found inside, whose people are missing."),
  unresolved: z
    .strictObject({ count: z.int().nonnegative(), first: z.array(unresolvedSchema) })
    .describe("Members and lists that could not be read: how many, and the first 100."),
  complete: z.boolean().describe("Whether these are all members of that scope."),
  reason: z
    .enum(["limit", ...incompleteReasons])
    .nullable()
    .describe("The first reason why not."),
  ...answerFields,
};

export const memberListSchema = z.strictObject({ ...listFields, members: z.array(listedMemberSchema) });

/** The answer where it is too large for Lambda: the same with members lies in the bucket, as gzip JSON. */
export const storedMemberListSchema = z.strictObject({
  ...listFields,
  membersKey: z.string(),
  membersBytes: z.int().positive(),
  membersSha256: z.string(),
});

export const accessSchema = z.strictObject({
  status: z.literal("found"),
  group: referenceSchema,
  member: referenceSchema,
  isMember: z.boolean(),
  how: z.enum(["direct", "nested"]).nullable(),
  path: z
    .array(referenceSchema)
    .describe("Where nested: the lists between, from the one in the group down; a shortest way."),
  ...answerFields,
});

export const listGroupMembersAnswerSchema = z.union([
  memberListSchema,
  storedMemberListSchema,
  accessSchema,
  refusalSchema,
]);

export type MemberList = z.infer<typeof memberListSchema>;
export type StoredMemberList = z.infer<typeof storedMemberListSchema>;
export type AccessAnswer = z.infer<typeof accessSchema>;
export type ListGroupMembersAnswer = z.infer<typeof listGroupMembersAnswerSchema>;

/** Which group, and either how much of it or whether somebody is in it. */
export const listGroupMembersEventSchema = z
  .strictObject({
    group: identitySchema.describe("Address, alias, GUID, distinguished name or name of one distribution list."),
    scope: z
      .enum(["direct", "all"])
      .exactOptional()
      .describe("Who is in the list itself, as without it, or also who is in lists in it."),
    limit: z.int().min(1).exactOptional().describe("How many members at most; all where it is absent."),
    member: identitySchema.exactOptional().describe("Asks only whether this person or list is in the list."),
  })
  .refine(({ member, scope, limit }) => member === undefined || (scope === undefined && limit === undefined), {
    error: "Whether a member is in the list is asked without scope and limit.",
  });

/**
 * Well below the 6,291,456 bytes of an answer that Lambda passes on.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const largestBytes = 5_500_000;

const compress = promisify(gzip);

/** The answer as it is, or, where it is too large for Lambda, without members and with the key under which all of it lies. */
export async function storeLarge(store: ObjectStore, answer: MemberList): Promise<MemberList | StoredMemberList> {
  const text = JSON.stringify(answer);
  if (Buffer.byteLength(text) <= largestBytes) return answer;
  const body = await compress(text);
  const membersKey = `answers/list-group-members/${answer.asOf.slice(0, 10).replaceAll("-", "/")}/${randomUUID()}.json.gz`;
  await store.put(membersKey, body, { contentType: "application/gzip" });
  const { members: _, ...rest } = answer;
  const membersSha256 = createHash("sha256").update(body).digest("hex");
  return { ...rest, membersKey, membersBytes: body.length, membersSha256 };
}
