import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ExchangeClient, ParsedRow } from "#exchange/client";
import { type ErrorCode, ExchangeError, errorCodes } from "#runtime/errors";

type ModelObject = {
  id: string;
  name: string;
  alias: string;
  notes: string;
  type: string;
  /** When it can be read first. */
  visibleAt: number;
  createdAt: string;
  /** Each addition that was carried out. */
  members: string[];
  /** Which operation has made it; null of what was there. */
  madeBy: string | null;
  /** Which operation has added a member, and when that can be read first. */
  additions: Map<string, { by: string; visibleAt: number }>;
  /** It is kept here for what was done with it, and found no more. */
  isDeleted: boolean;
};

export type ModelExchange = ReturnType<typeof createModelExchange>;

const person = "UserMailbox";
const list = "MailUniversalDistributionGroup";

/** Refusals of a write, after which nothing is done. */
const refusals: ErrorCode[] = [
  ...(["NOT_GROUP_MANAGER", "COMMAND_NOT_PERMITTED", "VALUE_REFUSED", "EXCHANGE_REFUSED"] as const),
  ...(["MASTERED_ON_PREMISES", "DIRECTORY_WRITE_FAILED"] as const),
];

/** How often an Exchange does what an operation cannot foresee, of 1: not at all, unless a test wants it. */
export type Moods = {
  /** A write is refused. */
  refuses: number;
  /** For a while the app may not write. */
  withdrawsRights: number;
  /** For a while an object is not found; and a member that was added is not shown. */
  lags: number;
  /** Somebody writes other notes to a list. */
  editsNotes: number;
  /** Somebody gives an object another name; its alias stays. */
  renames: number;
  /** Somebody deletes an object. */
  deletes: number;
};

const noMoods: Moods = { refuses: 0, withdrawsRights: 0, lags: 0, editsNotes: 0, renames: 0, deletes: 0 };

/**
 * An Exchange that keeps names apart, adds nobody twice, shows what is new late, and loses answers, as `random` has it:
 * what stands behind the client, without PowerShell, for thousands of runs.
 */
export function createModelExchange(random: () => number, moods: Moods = noMoods) {
  const objects: ModelObject[] = [];
  let mayWriteFrom = 0;

  function add(name: string, type: string, fields: Partial<ModelObject> = {}): ModelObject {
    const createdAt = new Date().toISOString();
    const object = {
      id: randomUUID(),
      name,
      alias: name,
      notes: "",
      type,
      visibleAt: 0,
      createdAt,
      members: [],
      madeBy: null,
      additions: new Map(),
      isDeleted: false,
      ...fields,
    };
    objects.push(object);
    return object;
  }

  function isVisible({ visibleAt, isDeleted }: ModelObject): boolean {
    return visibleAt <= Date.now() && !isDeleted;
  }

  function find(identity: string): ModelObject[] {
    const visible = objects.filter(isVisible);
    return visible.filter(({ id, name, alias }) =>
      [id, name, alias].some((text) => text.toLowerCase() === identity.toLowerCase()),
    );
  }

  const trouble: ErrorCode[] = ["THROTTLED", "EXCHANGE_TRANSIENT", "POWERSHELL_EXITED", "NOT_CONNECTED"];

  /** What happens between two calls. */
  function changeMood(): void {
    const any = () => objects[Math.floor(random() * objects.length)];
    if (random() < moods.withdrawsRights) mayWriteFrom = Date.now() + random() * 20;
    const [hidden, edited] = [random() < moods.lags && any(), random() < moods.editsNotes && any()];
    if (hidden) hidden.visibleAt = Date.now() + random() * 20;
    if (edited && edited.notes !== "") edited.notes = "Edited by its owner";
    const [renamed, deleted] = [random() < moods.renames && any(), random() < moods.deletes && any()];
    if (renamed) renamed.name = `renamed ${randomUUID()}`;
    if (deleted) deleted.isDeleted = true;
  }

  async function pass(): Promise<void> {
    await Promise.resolve();
    changeMood();
    if (random() < 0.02) await delay(random() * 12);
    const code = trouble[Math.floor(random() * trouble.length * 25)];
    if (code) throw new ExchangeError(code, errorCodes[code].userMessage);
  }

  async function* read(
    { name }: { name: string },
    parameters: { Identity?: string; Filter?: string; RecipientTypeDetails?: string[] },
  ): AsyncGenerator<ParsedRow<object>, void> {
    await pass();
    const { Identity, Filter, RecipientTypeDetails: types } = parameters;
    if (Filter !== undefined) {
      const [, member, group] = /^Members -eq 'CN=(.*),DC=contoso' -and Guid -eq '(.*)'$/.exec(Filter) ?? [];
      const isShown = ({ members, additions }: ModelObject) =>
        members.includes(member ?? "") && (additions.get(member ?? "")?.visibleAt ?? 0) <= Date.now();
      const found = find(group ?? "").filter(isShown);
      for (const object of found) yield { ok: true, row: rowOf(object) };
      return;
    }
    const found = find(Identity ?? "").filter(({ type }) => {
      return name === "Get-DistributionGroup" ? type === list : (types ?? [type]).includes(type);
    });
    if (found.length === 0) throw new ExchangeError("OBJECT_NOT_FOUND", "There is no such object.");
    for (const object of found) yield { ok: true, row: rowOf(object) };
  }

  /** What an operation asks for is done or not, and answered or not. */
  async function write(
    operation: string,
    { name }: { name: string },
    parameters: Record<string, unknown>,
  ): Promise<ParsedRow<object>[]> {
    await pass();
    if (random() < 0.04) throw unknownOutcome();
    if (Date.now() < mayWriteFrom) throw new ExchangeError("COMMAND_NOT_PERMITTED", "The right is gone.");
    const refusal = random() < moods.refuses ? refusals[Math.floor(random() * refusals.length)] : undefined;
    if (refusal) throw new ExchangeError(refusal, "Exchange refuses.");
    const answer = name === "New-DistributionGroup" ? make(operation, parameters) : join(operation, parameters);
    if (random() < 0.08) throw unknownOutcome();
    if (answer instanceof ExchangeError) throw answer;
    return [{ ok: true, row: answer }];
  }

  function make(madeBy: string, { Name, Alias, Notes }: Record<string, unknown>): object | ExchangeError {
    const isTaken = objects.some(({ name, alias, isDeleted }) => !isDeleted && (name === Name || alias === Alias));
    if (isTaken) return new ExchangeError("NAME_IN_USE", "The name is taken.");
    const visibleAt = random() > 0.3 ? 0 : Date.now() + random() * 20;
    return rowOf(add(String(Name), list, { alias: String(Alias), notes: String(Notes), visibleAt, madeBy }));
  }

  function join(by: string, { Identity, Member }: Record<string, unknown>): object | ExchangeError {
    const group = objects.find((object) => object.id === Identity && isVisible(object));
    if (!group) return new ExchangeError("OBJECT_NOT_FOUND", "There is no such group.");
    if (group.members.includes(String(Member))) return new ExchangeError("ALREADY_MEMBER", "Is there already.");
    group.members.push(String(Member));
    // Long enough that the next attempts look for it in vain.
    const visibleAt = random() < moods.lags * 30 ? Date.now() + random() * 60 : 0;
    group.additions.set(String(Member), { by, visibleAt });
    return {};
  }

  function clientOf(operation: string): ExchangeClient {
    const writeAs = write.bind(undefined, operation);
    return {
      ...{ start: () => {}, read, write: writeAs, connection: undefined, close: async () => {} },
    } as unknown as ExchangeClient;
  }

  return {
    objects,
    addPerson: (name: string) => add(name, person),
    /** A list that has been there for long. */
    addList: (name: string) => add(name, list, { createdAt: "2020-01-01T00:00:00Z" }),
    client: clientOf(""),
    /** One whose writes are known to be this operation's. */
    clientOf,
  };
}

function rowOf({ id, name, alias, notes, type, createdAt }: ModelObject): object {
  return {
    ExchangeObjectId: id,
    Guid: id,
    Name: name,
    DisplayName: name,
    Alias: alias,
    Notes: notes,
    RecipientTypeDetails: type,
    DistinguishedName: `CN=${id},DC=contoso`,
    PrimarySmtpAddress: `${alias}@contoso.com`,
    EmailAddresses: [],
    ManagedBy: [],
    IsDirSynced: false,
    MemberJoinRestriction: "Closed",
    WhenCreatedUTC: createdAt,
  };
}

function unknownOutcome(): ExchangeError {
  return new ExchangeError("OUTCOME_UNKNOWN", "The answer was lost.");
}
