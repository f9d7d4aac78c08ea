import { createListing, type ListedRow, type Listing } from "#directory/listing";
import { parseUser, type User } from "#directory/user";
import type { ResourceKind, UserSource } from "#directory/user-source";
import { recipients } from "#directory/user-sources/recipients";
import { users } from "#directory/user-sources/users";
import type { ExchangeClient } from "#exchange/client";

/** "recipients" reads with Get-EXORecipient, "users" with Get-User. */
export type UserSourceName = "recipients" | "users";

export type UserSettings = { source: UserSourceName; include: readonly ResourceKind[] };

/** The tenant's users. */
export function listUsers(client: ExchangeClient, { source, include }: UserSettings): Listing<User> {
  return source === "recipients" ? listFrom(client, recipients, include) : listFrom(client, users, include);
}

/** Says in one word how users are read and who counts as one: `recipients`, `users+rooms+shared`. */
export function nameUserSettings({ source, include }: UserSettings): string {
  return [source, ...[...new Set(include)].sort()].join("+");
}

function listFrom<Row extends ListedRow, Type extends string>(
  client: ExchangeClient,
  { cmdlet, types, toFields }: UserSource<Row, Type>,
  include: readonly ResourceKind[],
): Listing<User> {
  const kinds = ["people", ...new Set(include)] as const;
  return createListing(client, {
    cmdlet,
    types: kinds.flatMap((kind) => types[kind]),
    parse: (row) => parseUser(toFields(row)),
  });
}
