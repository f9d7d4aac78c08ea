import { isDeepStrictEqual } from "node:util";

/** Something that is not the same. `isWording` where only sentences for the people who run the gateway differ. */
export type Difference = { what: string; standIn: string; module: string; isWording: boolean };

/** Fields whose text is the module's own, or quotes it. */
const wordings: ReadonlySet<string> = new Set(["message", "found", "ended"]);

const absent = "(none)";
const longestText = 100;
const lettersBefore = 20;

/** What is not the same in two observations, by its place in them. Lists of different lengths are one difference. */
export function findDifferences(standIn: unknown, module: unknown, place: readonly string[] = []): Difference[] {
  if (isDeepStrictEqual(standIn, module)) return [];
  if (isList(standIn) && isList(module)) {
    if (standIn.length !== module.length) return [describeLengths(standIn, module, place)];
    return standIn.flatMap((part, index) => findDifferences(part, module[index], [...place, String(index + 1)]));
  }
  if (isObject(standIn) && isObject(module)) {
    const names = new Set([...Object.keys(standIn), ...Object.keys(module)]);
    return [...names].flatMap((name) => findDifferences(standIn[name], module[name], [...place, name]));
  }
  const isWording = wordings.has(place.at(-1) ?? "") && typeof standIn === "string" && typeof module === "string";
  return [{ what: place.join(" > "), ...describeBoth(describe(standIn), describe(module)), isWording }];
}

/** What one has and the other has not tells more than how many there are. */
function describeLengths(
  standIn: readonly unknown[],
  module: readonly unknown[],
  place: readonly string[],
): Difference {
  const without = (list: readonly unknown[], other: readonly unknown[]) => {
    const own = list.filter((part) => !other.some((each) => isDeepStrictEqual(part, each)));
    return `${list.length} entries${own.length > 0 ? `, among them ${JSON.stringify(own)}` : ""}`;
  };
  const texts = describeBoth(without(standIn, module), without(module, standIn));
  return { what: place.join(" > "), ...texts, isWording: false };
}

/** Two texts of one line each, long ones from a little before the place where they part. */
function describeBoth(standIn: string, module: string): Pick<Difference, "standIn" | "module"> {
  const [one, other] = [standIn, module].map((text) => text.replaceAll(/\s+/g, " ")) as [string, string];
  const parting = [...one].findIndex((letter, index) => letter !== other[index]);
  const isLong = Math.max(one.length, other.length) > longestText;
  const from = isLong ? Math.max(0, (parting < 0 ? one.length : parting) - lettersBefore) : 0;
  return { standIn: cut(one, from), module: cut(other, from) };
}

function describe(value: unknown): string {
  if (value === undefined) return absent;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function cut(text: string, from: number): string {
  const begun = from > 0 ? `…${text.slice(from)}` : text;
  return begun.length > longestText ? `${begun.slice(0, longestText - 1)}…` : begun;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
