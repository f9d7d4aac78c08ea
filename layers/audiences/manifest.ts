import { createHash } from "node:crypto";
import * as z from "zod";
import { type Audience, audienceSchema } from "#audiences/audience";
import { audienceKeys } from "#audiences/audience-keys";
import { type ExpandAudienceRequest, expandAudienceRequestSchema } from "#audiences/expand-audience-request";
import {
  cyclesOf,
  expansionStateSchema,
  groupReferenceSchema,
  incompleteReasonOf,
  memberCountOf,
  toReference,
} from "#directory/expansion";
import type { ObjectStore } from "#storage/object-store";

const count = z.int().nonnegative();
const { groups, unexpanded, unresolved, byType } = expansionStateSchema.shape;

/** What an audience consists of and how it came about. Written after every page it names. */
export const audienceManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  operationId: z.string(),
  group: groupReferenceSchema,
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
