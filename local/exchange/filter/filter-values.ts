import type { FilterValue } from "#local/exchange/filter/filter-expression";
import type { FilterFaults } from "#local/exchange/filter/filter-faults";

type Present = Exclude<FilterValue, null>;

export function toBoolean(value: Present, faults: FilterFaults): boolean {
  const text = String(value).toLowerCase();
  if (text === "true" || text === "$true") return true;
  if (text === "false" || text === "$false") return false;
  throw faults.value(String(value), "System.Boolean");
}

export function toInteger(value: Present, faults: FilterFaults): number {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number)) throw faults.value(String(value), "System.Int64");
  return number;
}

export function toGuid(value: Present, faults: FilterFaults): string {
  const text = String(value).replace(/^[{(](.*)[)}]$/, "$1");
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw faults.value(String(value), "System.Guid");
  return text.toLowerCase();
}

/** Milliseconds since 1970. A time that names no zone is in UTC, as a server of Exchange Online runs. */
export function toTimeMs(value: Present, faults: FilterFaults): number {
  const text = String(value).trim();
  const hasZone = /(?:Z|[+-]\d\d:\d\d|GMT)$/i.test(text);
  const timeMs = /^\d/.test(text) && /[-/]/.test(text) ? Date.parse(hasZone ? text : `${withTime(text)}Z`) : Number.NaN;
  if (Number.isNaN(timeMs)) throw faults.value(String(value), "System.DateTime");
  return timeMs;
}

function withTime(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `${text}T00:00:00`;
  return text.includes("/") ? `${text} ` : text;
}

/** A member's name as its type spells it; several with commas, without blanks. */
export function toEnumeration(
  value: Present,
  { members, typeName }: { members: readonly string[]; typeName: string },
  faults: FilterFaults,
): string {
  const names = String(value)
    .split(",")
    .map((name) => members.find((member) => member.toLowerCase() === name.trim().toLowerCase()));
  if (names.includes(undefined)) throw faults.value(String(value), typeName);
  return names.join(",");
}
