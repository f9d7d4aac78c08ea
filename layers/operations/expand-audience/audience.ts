import { createHash } from "node:crypto";
import * as z from "zod";
import {
  beginExpansion,
  cyclesOf,
  expansionStateSchema,
  incompleteReasonOf,
  memberCountOf,
  toReference,
} from "#directory/expansion";
import { type Reference, referenceSchema } from "#directory/reference";
import { recipientTypeSchema } from "#exchange/cmdlets/get-exorecipient";
import { accountTypeSchema } from "#exchange/cmdlets/get-user";
import { identitySchema } from "#exchange/values";
import { requestFields } from "#operations/message";
import type { ObjectStore } from "#storage/object-store";
import { pageSchema } from "#storage/pages";

/** What is known of everybody in a group when so many groups have been read: a checkpoint that another attempt goes on from. */
export const audienceSchema = z.strictObject({
  readStartedAt: z.iso.datetime(),
  /** null until every group is read. */
  readEndedAt: z.iso.datetime().nullable(),
  expansion: expansionStateSchema,
  /** The members found so far, those of types that were not asked for left out. */
  pages: z.array(pageSchema),
  /** The ids of those that were left out, which have been found as well. */
  leftOut: z.array(pageSchema),
  /** What Exchange warned of: the first texts, each once, and how many warnings there were. */
  warnings: z.strictObject({ count: z.int().nonnegative(), texts: z.array(z.string()) }),
});

export type Audience = z.infer<typeof audienceSchema>;

const namedWarnings = 20;

/** An audience of which nothing has been read. */
export function beginAudience(group: Reference): Audience {
  return {
    readStartedAt: new Date().toISOString(),
    readEndedAt: null,
    expansion: beginExpansion(group),
    pages: [],
    leftOut: [],
    warnings: { count: 0, texts: [] },
  };
}

export function noteWarning(warnings: Audience["warnings"], text: string): void {
  warnings.count += 1;
  if (warnings.texts.length < namedWarnings && !warnings.texts.includes(text)) warnings.texts.push(text);
}

/** Every kind of object that Exchange's listing cmdlets know. */
const memberTypeSchema = z.enum([...new Set([...recipientTypeSchema.options, ...accountTypeSchema.options])]);

export const expandAudienceRequestSchema = z.strictObject({
  ...requestFields,
  requestedBy: requestFields.requestedBy.exactOptional(),
  group: identitySchema.describe("Address, alias, GUID, distinguished name or name of one distribution list."),
  include: z
    .array(memberTypeSchema)
    .min(1)
    .exactOptional()
    .describe("Whom the pages shall hold, by RecipientTypeDetails; everybody where it is absent. All are counted."),
});

export type ExpandAudienceRequest = z.infer<typeof expandAudienceRequestSchema>;

const count = z.int().nonnegative();
const { groups, unexpanded, unresolved, byType } = expansionStateSchema.shape;

/** What an audience consists of and how it came about. Written after every page it names. */
export const audienceManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  operationId: z.string(),
  group: referenceSchema,
  /** Read from Exchange itself, in the time between these. */
  source: z.literal("live"),
  readStartedAt: audienceSchema.shape.readStartedAt,
  readEndedAt: z.iso.datetime(),
  /** Which types the pages hold; null for all. */
  include: expandAudienceRequestSchema.shape.include.unwrap().nullable(),
  pages: audienceSchema.shape.pages,
  totals: z.strictObject({
    /** Direct and indirect members, groups among them; and those of them that are in the pages. */
    members: count,
    rows: count,
    byType,
    /** Groups that were read, or were gone. */
    groups: count,
  }),
  /** What the ids in the members' paths are called; and which groups are directly in which. */
  groups,
  /** Rings of groups that contain each other, by their ids. */
  cycles: z.array(z.array(z.string())),
  unexpanded,
  unresolved,
  warnings: audienceSchema.shape.warnings,
  /** Whether these are all the members there are, and the first reason why not. */
  complete: z.boolean(),
  reason: z.enum(["unread", "unresolved", "unexpanded"]).nullable(),
});

/** Where a manifest lies, and the hash of its bytes. */
export type WrittenManifest = { key: string; sha256: string };

/** Writes the manifest of an audience that is wholly read: the same bytes each time, whoever writes it. */
export async function writeAudienceManifest(
  store: ObjectStore,
  request: ExpandAudienceRequest,
  audience: Audience,
): Promise<WrittenManifest> {
  const manifest = audienceManifestSchema.parse(describe(request, audience));
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const { manifest: key } = audienceKeys(manifest.group.id, request.operationId);
  await store.put(key, text, { contentType: "application/json" });
  return { key, sha256: createHash("sha256").update(text).digest("hex") };
}

function describe({ operationId, include }: ExpandAudienceRequest, audience: Audience) {
  const { expansion, pages, readStartedAt, readEndedAt, warnings } = audience;
  const [root] = expansion.groups;
  const reason = incompleteReasonOf(expansion);
  return {
    schemaVersion: 1,
    operationId,
    group: root && toReference(root),
    source: "live",
    readStartedAt,
    readEndedAt,
    include: include ?? null,
    pages,
    totals: {
      members: memberCountOf(expansion),
      rows: pages.reduce((sum, { rows }) => sum + rows, 0),
      byType: expansion.byType,
      groups: expansion.readGroups,
    },
    groups: expansion.groups,
    cycles: cyclesOf(expansion).map((ring) => ring.map(({ id }) => id)),
    unexpanded: expansion.unexpanded,
    unresolved: expansion.unresolved,
    warnings,
    complete: reason === null,
    reason,
  };
}

/**
 * The keys of an audience's objects. Pages lie in a folder of the attempt that wrote them: one that was thought dead and
 * still writes overwrites nobody's. The manifest says the same whoever writes it.
 */
export function audienceKeys(groupId: string, operationId: string) {
  const folder = `audiences/${groupId}/${operationId}`;
  const numbered = (attempt: number, name: string, number: number) =>
    `${folder}/${attempt}/${name}-${String(number).padStart(5, "0")}.ndjson.gz`;
  return {
    page: (attempt: number, pageNumber: number) => numbered(attempt, "page", pageNumber),
    leftOut: (attempt: number, pageNumber: number) => numbered(attempt, "left-out", pageNumber),
    manifest: `${folder}/manifest.json`,
  };
}

/** How the reading of an audience is divided in time. */
export type ReadSettings = {
  /** What was read is kept after so many members, or so long, at the end of a group. */
  checkpointRows: number;
  checkpointMs: number;
  /** So long before the deadline reading ends, so that what was read can be kept. */
  reserveMs: number;
  /** How often it is told how far things are. */
  noticeMs: number;
  /** How long to wait before a group that could not be read is read again; as many times as there are pauses. */
  retryPausesMs: readonly number[];
};

export const usualReadSettings: ReadSettings = {
  checkpointRows: 10_000,
  checkpointMs: 15_000,
  reserveMs: 5_000,
  noticeMs: 10_000,
  retryPausesMs: [500, 2_000],
};
