const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const noId = "00000000-0000-0000-0000-000000000000";

/** A GUID in lower case; undefined for anything else, and for the GUID of zeros, which Exchange writes where it has none. */
export function parseGuid(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.toLowerCase();
  return guid.test(text) && text !== noId ? text : undefined;
}

/** The id that stays with a directory object for life: ExchangeObjectId, else Guid, which holds the same value. */
export function objectId(row: { ExchangeObjectId?: unknown; Guid?: unknown }): string | undefined {
  return parseGuid(row.ExchangeObjectId) ?? parseGuid(row.Guid);
}
