import type { FilterFaults } from "#local/exchange/filter/filter-faults";
import type { FilterProperty } from "#local/exchange/filter/filter-property";
import type { Predicate } from "#local/exchange/filter/predicate";
import type { Tenant } from "#local/exchange/tenant/tenant";

/** `-like`: only text can be matched, whatever its letter case. */
export function compileMatch(
  property: FilterProperty,
  pieces: readonly [string, ...string[]],
  faults: FilterFaults,
  tenant: Tenant,
): Predicate {
  const matches = matcher(pieces);
  if (property.kind === "text") return (record) => matches(property.read(record, tenant));
  if (property.kind === "texts") return (record) => property.read(record, tenant).some(matches);
  throw faults.operator("like");
}

/** Whether a text consists of the pieces in their order, with anything between two of them. */
export function matcher(pieces: readonly [string, ...string[]]): (text: string) => boolean {
  const [first, ...rest] = pieces.map((piece) => piece.toLowerCase());
  const start = first ?? "";
  const last = rest.at(-1);
  if (last === undefined) return (text) => text.toLowerCase() === start;
  const middle = rest.slice(0, -1).filter((piece) => piece !== "");
  if (middle.length === 0 && last === "") return (text) => beginsWith(text, start);
  return (text) => hasPieces(text.toLowerCase(), start, middle, last);
}

/** Begins with a text in lower case. Letters that are ASCII are told apart one by one, which is quick. */
function beginsWith(text: string, start: string): boolean {
  if (text === "") return false;
  for (let place = 0; place < start.length; place += 1) {
    const code = text.charCodeAt(place);
    // One letter may be two in lower case.
    if (code >= 128) return text.toLowerCase().startsWith(start);
    if (toLowerAscii(code) !== start.charCodeAt(place)) return false;
  }
  return true;
}

function toLowerAscii(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function hasPieces(text: string, start: string, middle: readonly string[], last: string): boolean {
  if (text === "" || !text.startsWith(start)) return false;
  let position = start.length;
  for (const piece of middle) {
    const found = text.indexOf(piece, position);
    if (found < 0) return false;
    position = found + piece.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}
