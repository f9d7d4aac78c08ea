import process from "node:process";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Fault } from "#local/exchange/faults";
import type { DirectoryRecord, NewRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type ChangeAction, startChanges } from "#test/support/changes";

export type Bench = Awaited<ReturnType<typeof startBench>>;

/** Both skills behind their queues, and what makes them trouble. */
export async function startBench() {
  const tenant = generateTenant({ users: 5, groups: 2, seed: 11 });
  const changes = await startChanges({ tenant }, { readBackPausesMs: [] });
  const { exchange, s3, secretsManager, time } = changes;
  const usual = { ...process.env };
  const usualLimitMs = time.limitMs;
  let count = 0;
  let isSessionSpoilt = false;

  function newName(kind: string): string {
    count += 1;
    return `${kind} ${String(count).padStart(4, "0")}`;
  }
  const person = (fields: Partial<NewRecord> = {}) => tenant.addUser({ name: newName("Person"), ...fields });
  const list = (fields: Partial<NewRecord> = {}) => tenant.addGroup({ name: newName("List"), ...fields });

  return {
    changes,
    tenant,
    person,
    list,

    /** A request to add somebody to a list, and both of them. */
    addition: (group: DirectoryRecord = list(), member: DirectoryRecord = person()) => {
      return { group, member, fields: { group: group.guid, members: [member.guid] } };
    },

    /** A request to make a list. */
    creation: (fields: object = {}) => ({ name: newName("Made"), owners: [person().guid], ...fields }),

    fault: (fault: Fault) => exchange.faults.add(fault),

    /** Lets the next invocation open a session, and another one the first after all is mended. */
    spoilSession: async () => {
      isSessionSpoilt = true;
      await changes.closeSession();
    },

    /** Each list's name and members: what changes, changes these. */
    readLists: () =>
      tenant.records.flatMap(({ name, group }) =>
        group ? [[name, ...[...group.members].map(({ guid }) => guid)].join(" ")] : [],
      ),

    /** How many messages of a skill's queue are left in it or have become dead letters. */
    countMessages: async (action: ChangeAction) => {
      const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
      const answers = [action, `${action}-dlq` as const].map((key) => {
        const QueueUrl = changes.sqs.queues[key];
        return changes.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }));
      });
      return (await Promise.all(answers)).flatMap(({ Attributes }) => Object.values(Attributes ?? {}).map(Number));
    },

    /** Puts everything right again. */
    mend: async () => {
      exchange.faults.clear();
      s3.faults.clear();
      secretsManager.faults.clear();
      exchange.app.rights = {};
      tenant.groupNamingPolicy = undefined;
      time.limitMs = usualLimitMs;
      for (const name of Object.keys(process.env)) if (!(name in usual)) delete process.env[name];
      Object.assign(process.env, usual);
      if (!isSessionSpoilt) return;
      isSessionSpoilt = false;
      await changes.closeSession();
    },
  };
}
