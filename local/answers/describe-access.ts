import type { AccessAnswer } from "#lookups/list-group-members";
import { visibleLine } from "#runtime/text";

/** Whether somebody is in a group, and the way, from the group down. */
export function describeAccess({ isMember, userMessage, group, path, member, asOf }: AccessAnswer): string {
  const way = [group, ...path, member].map(({ name, address }) => {
    return visibleLine(address === null ? name : `${name} (${address})`);
  });
  return [
    `${isMember ? "yes" : "no"}: ${visibleLine(userMessage)}`,
    ...(isMember ? way.map((step, depth) => `  ${"  ".repeat(depth)}${step}`) : []),
    `  as of ${asOf}`,
  ].join("\n");
}
