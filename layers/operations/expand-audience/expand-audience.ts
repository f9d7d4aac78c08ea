import * as z from "zod";
import { findDistributionGroup } from "#directory/resolve-group";
import {
  type Audience,
  audienceSchema,
  beginAudience,
  type ExpandAudienceRequest,
  expandAudienceRequestSchema,
  type ReadSettings,
  usualReadSettings,
  writeAudienceManifest,
} from "#operations/expand-audience/audience";
import { describeAudience, describeFailure } from "#operations/expand-audience/describe-audience";
import { countAudience, readAudience } from "#operations/expand-audience/read-audience";
import type { Attempt, OperationDefinition } from "#operations/operation-type";
import { type ResultBody, reject } from "#operations/result";

/** The audience, once it is known of which group. */
const stateSchema = z.strictObject({ audience: audienceSchema.nullable() });

type State = z.infer<typeof stateSchema>;

/**
 * Finds every direct and indirect member of a distribution list and writes them as pages with a manifest. A dry run counts
 * them and writes nothing.
 */
export function createExpandAudience(
  settings: ReadSettings = usualReadSettings,
): OperationDefinition<ExpandAudienceRequest, State> {
  return {
    action: "expand-audience",
    requestSchema: expandAudienceRequestSchema,
    stateSchema,
    begin: () => ({ audience: null }),
    isUnsettled: () => false,
    hasProgress: ({ audience }) => audience !== null && audience.expansion.readGroups > 0,

    async perform(request, attempt) {
      const { state, store, isDryRun } = attempt;
      if (state.audience === null) {
        const begun = await begin(request, attempt);
        if ("body" in begun) return begun.body;
        state.audience = begun.audience;
      }
      const { audience } = state;
      if (isDryRun) {
        const reason = await countAudience(attempt, audience, settings);
        return describeAudience(audience, { manifest: null, reason });
      }
      await readAudience(request, attempt, audience, settings);
      return describeAudience(audience, { manifest: await writeAudienceManifest(store, request, audience) });
    },

    onFailure: (_, { audience }, error) => describeFailure(audience, error),
  };
}

export const expandAudience = createExpandAudience();

async function begin(
  { group: identity }: ExpandAudienceRequest,
  { client, deadline }: Attempt<State>,
): Promise<{ audience: Audience } | { body: ResultBody }> {
  const cannot = "Its members cannot be listed here.";
  const resolution = await findDistributionGroup(client, identity, { deadline, cannot });
  if ("refusal" in resolution) {
    const { code, userMessage, ...more } = resolution.refusal;
    return reject(code, userMessage, more);
  }
  const { found, group } = resolution;
  return { audience: beginAudience({ ...group, type: found.recipientType }) };
}
