import type { Connection } from "#powershell/session";
import { ExchangeError } from "#runtime/exchange-error";

/** Throws `DIRECTORY_ROLE_MISSING` where a connection lacks a cmdlet that another one has. */
export function requireCmdletsOf(other: Connection, { commands }: Connection): void {
  const missing = [...other.commands.keys()].filter((name) => !commands.has(name));
  if (missing.length === 0) return;
  throw new ExchangeError(
    "DIRECTORY_ROLE_MISSING",
    `The app of the new credential may not use ${missing.join(", ")}, which the app in use may. Give it the same Exchange roles.`,
  );
}
