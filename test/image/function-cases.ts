import { randomUUID } from "node:crypto";
import type { Tenant } from "#local/exchange/tenant/tenant";

/** What a function is tried with, several times over: an event, and what its answer or its result has to say. */
export type FunctionCase =
  | { event: () => object; answer: object }
  /** It is given messages: each carries such a request, and sends such a result. */
  | { request: () => object; result: object };

/** A case of every function by its name. Changes differ each time. */
export function functionCases(tenant: Tenant): Record<string, FunctionCase> {
  const owner = tenant.addUser({ name: "Owner" });
  const member = tenant.addUser({ name: "Member" });
  const group = tenant.addGroup({ name: "Crew", group: { managedBy: [owner] } });
  tenant.addMember(group, member);

  return {
    "ingest-users": { event: () => ({}), answer: { status: "published" } },
    "ingest-groups": { event: () => ({}), answer: { status: "published" } },
    "validate-credentials": { event: () => ({}), answer: { status: "pass" } },
    "list-group-members": { event: () => ({ group: group.guid }), answer: { status: "found" } },
    "find-group-owners": { event: () => ({ group: group.guid }), answer: { status: "found" } },
    "add-group-members": {
      request: () => ({ group: group.guid, members: [tenant.addUser({ name: randomUUID() }).guid] }),
      result: { outcome: "succeeded", members: [{ outcome: "added" }] },
    },
    "create-group": {
      request: () => ({ name: `Group ${randomUUID()}`, owners: [owner.guid], members: [member.guid] }),
      result: { outcome: "succeeded", members: [{ outcome: "added" }] },
    },
    "expand-audience": { request: () => ({ group: group.guid }), result: { outcome: "succeeded" } },
  };
}
