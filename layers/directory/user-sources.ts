import { parseUser, type User, type UserFields } from "#directory/user";
import type { ResourceKind, UserSource } from "#directory/user-source";
import { recipients } from "#directory/user-sources/recipients";
import { users } from "#directory/user-sources/users";
import type { ExchangeClient, ReadOptions } from "#exchange/client";
import { summarizeIssues } from "#exchange/summarize-issues";

/** "recipients" reads with Get-EXORecipient, "users" with Get-User. */
export type UserSourceName = "recipients" | "users";

export type UserSettings = { source: UserSourceName; include: readonly ResourceKind[] };

/** One user, or what is said of a row that is none: its id, where it has one, and the reason without any of its values. */
export type UserReading =
  | { ok: true; id: string; type: string; record: User }
  | { ok: false; id: string | undefined; reason: string };

/** Every user of the tenant, as they come from Exchange; a person who changes meanwhile may come twice. */
export function readUsers(
  client: ExchangeClient,
  { source, include }: UserSettings,
  options: ReadOptions,
): AsyncGenerator<UserReading, void> {
  return source === "recipients"
    ? readFrom(client, recipients, include, options)
    : readFrom(client, users, include, options);
}

async function* readFrom<Row, Type extends string>(
  client: ExchangeClient,
  { cmdlet, types, toFields }: UserSource<Row, Type>,
  include: readonly ResourceKind[],
  options: ReadOptions,
): AsyncGenerator<UserReading, void> {
  const kinds = ["people", ...new Set(include)] as const;
  const query = { RecipientTypeDetails: kinds.flatMap((kind) => types[kind]), ResultSize: "Unlimited" as const };

  for await (const parsed of client.read(cmdlet, query, options)) {
    if (!parsed.ok) {
      yield parsed;
      continue;
    }
    yield readUser(toFields(parsed.row));
  }
}

function readUser(fields: UserFields): UserReading {
  const user = parseUser(fields);
  if (!user.success) return { ok: false, id: fields.id, reason: summarizeIssues(user.error) };
  return { ok: true, id: user.data.id, type: user.data.recipientType, record: user.data };
}
