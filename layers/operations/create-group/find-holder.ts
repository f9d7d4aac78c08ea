import { type IdentifiedRow, type ReadByIdentity, searchIdentity, toCandidates } from "#directory/identity";
import { accountsByIdentity, recipientsByIdentity } from "#directory/recipients";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import type { CreateGroupRequest } from "#operations/create-group/request";
import { type ResultBody, reject } from "#operations/result";
import { ExchangeError } from "#runtime/errors";

type Asked = Pick<CreateGroupRequest, "name" | "alias" | "primarySmtpAddress">;

/** That another object has what was asked for; undefined where none is seen to have it. Ambiguous is not free. */
export async function findHolder(
  reader: ExchangeReader,
  asked: Asked,
  options: ReadOptions,
): Promise<{ body: ResultBody } | undefined> {
  const { name, alias, primarySmtpAddress: address } = asked;
  const recipients = recipientsByIdentity(reader, options);
  // Accounts without mail hold names too.
  const named = (await find(recipients, name, hasName)) ?? (await find(whereAllowed(reader, options), name, hasName));
  if (named) return rejectTaken("NAME_IN_USE", `The name "${name}"`, named);
  if (address !== undefined) {
    const holder = await find(recipients, address, hasAddress);
    if (holder) return rejectTaken("ADDRESS_IN_USE", `The address ${address}`, holder);
  }
  if (alias === undefined) return undefined;
  const holder = await find(recipients, alias, hasAlias);
  return holder && rejectTaken("ADDRESS_IN_USE", `The alias "${alias}"`, holder);
}

/** The result of a request for what another object has, and which that is, where it may be told. */
export function rejectTaken(
  code: "NAME_IN_USE" | "ADDRESS_IN_USE",
  what: string,
  holder?: IdentifiedRow,
  message?: string,
): { body: ResultBody } {
  const [seen] = toCandidates(holder ? [holder] : []);
  const by = seen ? ` by ${seen.name}, ${seen.kind}${seen.address === null ? "" : ` (${seen.address})`}` : "";
  const userMessage = `${what} is taken${by}. Please choose another one.`;
  return reject(code, userMessage, message === undefined ? {} : { message });
}

type HasText = (row: IdentifiedRow, text: string) => boolean;

async function find(
  read: ReadByIdentity<IdentifiedRow>,
  text: string,
  hasText: HasText,
): Promise<IdentifiedRow | undefined> {
  const { rows } = await searchIdentity(text, read, (row) => hasText(row, text));
  return rows.find((row) => hasText(row, text));
}

const hasName: HasText = ({ Name }, text) => isSame(Name, text);
const hasAlias: HasText = ({ Alias }, text) => isSame(Alias, text);
const hasAddress: HasText = ({ PrimarySmtpAddress, EmailAddresses }, text) =>
  [PrimarySmtpAddress, ...(EmailAddresses ?? [])].some((address) => isSame(address?.replace(/^smtp:/i, ""), text));

function isSame(one: string | null | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** Reads accounts, and none where the app may not look at them. */
function whereAllowed(reader: ExchangeReader, options: ReadOptions): ReadByIdentity<IdentifiedRow> {
  const read = accountsByIdentity(reader, options);
  return async (identity, limit) => {
    try {
      return await read(identity, limit);
    } catch (error) {
      if (error instanceof ExchangeError && error.code === "COMMAND_NOT_PERMITTED") return [];
      throw error;
    }
  };
}
