import { parseGuid } from "#exchange/object-id";
import { ExchangeError } from "#runtime/errors";

/** A filter that fits the objects with these ids, at least one. Throws `PARAMETER_INVALID` for what is no id. */
export function filterByIds(ids: readonly string[]): string {
  const guids = ids.map(parseGuid);
  if (guids.length === 0 || guids.includes(undefined)) {
    throw new ExchangeError("PARAMETER_INVALID", "A filter by ids needs GUIDs, one at least.");
  }
  return guids.map((id) => `Guid -eq '${id}'`).join(" -or ");
}
