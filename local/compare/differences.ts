import { isDeepStrictEqual } from "node:util";
import { summarize } from "#validation/validate-credential";
import type { Validation } from "#validation/validation";

const connectTime = "connect time";

/** What differs from run to run, whatever the module: durations, what is drawn, and what follows from these. */
const leftOut = /^(daysLeft|thumbprint|bodyHash|writeId|claimId|itemIdentifier|bytes|etag|sha256)$|[a-z](Ms|Sha256)$/;

/** Begins with the time, so that they sort as they were begun. */
const runId = /\d{8}T\d{9}Z-[0-9a-f]{8}/g;

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>"],
  [/\d{4}\/\d\d\/\d\d\/(?=<run)/g, ""],
  [/\b[0-9A-F]{40}([0-9A-F]{24})?\b/g, "<thumbprint>"],
  [/\b(Trace ID|Correlation ID|RequestId): [0-9a-f-]{36}/g, "$1: <id>"],
  [/\b127\.0\.0\.1:\d+/g, "<address>"],
  [/\b\d+\.\d+\.\d+(\.\d+)?(-[a-z]+)*\b/g, "<version>"],
  [/\b\d+([.,]\d+)*( ?)(ms|s|MB)\b/g, "<number>$2$3"],
];

/** The ids that an environment's app was given. */
type Drawn = { exchange: { app: { appId: string; servicePrincipalId: string } } };

/** A value with nothing in it that differs from run to run. JSON in texts becomes what it says. */
export function normalize<Value extends object>(value: Value, { exchange }: Drawn): Record<string, unknown> {
  const { appId, servicePrincipalId } = exchange.app;
  const runs = [...new Set(JSON.stringify(value).match(runId))].sort();
  const nameRun = (id: string) => `<run ${runs.indexOf(id) + 1}>`;
  const toText = (text: string) =>
    patterns.reduce(
      (changed, [pattern, name]) => changed.replaceAll(pattern, name),
      text.replaceAll(appId, "<app>").replaceAll(servicePrincipalId, "<service principal>").replaceAll(runId, nameRun),
    );
  return normalizeObject(value, toText);
}

/** A validation as it is where the time that connecting takes is not judged: it says how busy the machine is. */
export function withoutConnectTime(validation: Validation): Validation {
  const checks = validation.checks.filter(({ name }) => name !== connectTime);
  const { status, userMessage } = summarize({ checks, certificate: { missing: "" }, startedAt: 0 });
  return { ...validation, status, userMessage, checks };
}

function normalizeObject(value: object, toText: (text: string) => string): Record<string, unknown> {
  const entries = Object.entries(value).filter(([name]) => !leftOut.test(name));
  return Object.fromEntries(entries.map(([name, part]) => [toText(name), normalizeValue(part, toText)]));
}

function normalizeValue(value: unknown, toText: (text: string) => string): unknown {
  if (typeof value === "string") {
    const parsed = parseObject(value);
    return parsed === undefined ? toText(value) : normalizeObject(parsed, toText);
  }
  if (Array.isArray(value)) return value.map((part) => normalizeValue(part, toText));
  return typeof value === "object" && value !== null ? normalizeObject(value, toText) : value;
}

function parseObject(text: string): object | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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
