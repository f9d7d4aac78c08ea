import type { RequestFrame } from "#powershell/frames";
import { ExchangeError } from "#runtime/errors";

/**
 * The line that carries a request to the worker. Throws `PARAMETER_INVALID` for what JSON would change on the way: half a
 * surrogate pair, a number that is none, a value that is undefined. Left out, such an `Identity` would mean everybody.
 */
export function encodeRequest(frame: RequestFrame): string {
  checkValue(frame, "");
  return `${JSON.stringify(frame)}\n`;
}

function checkValue(value: unknown, path: string): void {
  if (typeof value === "string") checkText(value, path);
  else if (isPlain(value)) checkMembers(value, path);
  else if (!isScalar(value) && !(value === null && path === "modulePath")) {
    throw new ExchangeError("PARAMETER_INVALID", `${path} is ${String(value)}, which cannot be sent to PowerShell.`);
  }
}

function checkMembers(value: object, path: string): void {
  for (const [name, member] of Object.entries(value)) {
    checkText(name, path === "" ? "a name" : `a name in ${path}`);
    checkValue(member, path === "" ? name : `${path}.${name}`);
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isScalar(value: unknown): boolean {
  return typeof value === "boolean" || Number.isFinite(value);
}

/** The message names the place, never the text: it may be a secret. */
function checkText(text: string, place: string): void {
  if (text.isWellFormed()) return;
  throw new ExchangeError(
    "PARAMETER_INVALID",
    `${place} holds half a surrogate pair, which is no text. Send whole characters.`,
  );
}
