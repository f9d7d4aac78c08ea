import { formatTable } from "#local/print/table";
import type { Refusal } from "#lookups/look-up";
import { visibleLine } from "#runtime/text";

/** Why there is nothing to look at, and which objects may have been meant. */
export function describeRefusal({ status, userMessage, candidates }: Refusal): string {
  const rows = candidates.map(({ name, address, type }) => [name, address ?? "", type]);
  const table = rows.length > 0 ? [formatTable(["name", "address", "type"], rows)] : [];
  return [`${status}: ${visibleLine(userMessage)}`, ...table].join("\n\n");
}
