import type { FilterExpression } from "#local/exchange/filter/filter-expression";
import { opathFaults } from "#local/exchange/filter/filter-faults";
import { parseOpath } from "#local/exchange/filter/parse-opath";
import type { Directory, ListQuery, SnapshotRow } from "#snapshots/directory";

type Entry = { id: string; name: string; changedAt: string };

/**
 * A directory of names in memory that takes OPATH filters on Name and WhenChangedUTC and gives its rows sorted by name, as
 * many as are asked for.
 */
export class NamedDirectory implements Directory {
  readonly entries: Entry[];
  readonly queries: ListQuery[] = [];
  readonly asked: string[] = [];
  /** Called before each answer, with its number from 0. */
  beforeAnswer: (number: number) => void = () => {};

  constructor(names: readonly string[]) {
    this.entries = names.map((name, number) => ({ id: idOf(number), name, changedAt: "2024-04-10T08:56:22.000Z" }));
  }

  async *list(query: ListQuery): AsyncGenerator<SnapshotRow> {
    this.queries.push(query);
    this.beforeAnswer(this.queries.length - 1);
    const limit = query.resultSize === "Unlimited" ? Number.POSITIVE_INFINITY : query.resultSize;
    const found = this.entries.filter(compile(query.filter));
    const sorted = found.toSorted((one, other) => (one.name < other.name ? -1 : 1)).slice(0, limit);
    for (const { id, name } of sorted) yield { ok: true, id, type: "UserMailbox", name, record: { id, name } };
  }

  async findThere(ids: readonly string[]): Promise<ReadonlySet<string>> {
    this.asked.push(...ids);
    return new Set(this.entries.map(({ id }) => id).filter((id) => ids.includes(id)));
  }

  rename(id: string, name: string): void {
    const entry = this.entries.find((candidate) => candidate.id === id);
    if (entry) Object.assign(entry, { name, changedAt: new Date().toISOString() });
  }
}

export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** So many names, spread over the letters. */
export function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, number) => `${"smajkbtcwe"[number % 10]}${(number * 7919) % 100_003}`);
}

/** How a server tells whether a name begins with a text. */
type BeginsWith = (name: string, beginning: string) => boolean;

const ignoringCase: BeginsWith = (name, beginning) => name.toLowerCase().startsWith(beginning.toLowerCase());

/** Whether a name passes a filter; every name does where there is none. */
export function evaluateFilter(filter: string | undefined, beginsWith = ignoringCase): (name: string) => boolean {
  const passes = compile(filter, beginsWith);
  return (name) => passes({ id: "", name, changedAt: "" });
}

function compile(filter: string | undefined, beginsWith = ignoringCase): (entry: Entry) => boolean {
  return filter === undefined ? () => true : evaluate(parseOpath(filter, opathFaults(filter)), beginsWith);
}

function evaluate(expression: FilterExpression, beginsWith: BeginsWith): (entry: Entry) => boolean {
  switch (expression.kind) {
    case "and": {
      const operands = expression.operands.map((operand) => evaluate(operand, beginsWith));
      return (entry) => operands.every((operand) => operand(entry));
    }
    case "or": {
      const operands = expression.operands.map((operand) => evaluate(operand, beginsWith));
      return (entry) => operands.some((operand) => operand(entry));
    }
    case "not": {
      const operand = evaluate(expression.operand, beginsWith);
      return (entry) => !operand(entry);
    }
    case "match":
      return ({ name }) => beginsWith(name, expression.pieces[0]);
    case "comparison":
      return ({ changedAt }) => changedAt >= String(expression.value);
  }
}
