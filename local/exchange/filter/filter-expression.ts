import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

type Read<Value> = (record: DirectoryRecord, tenant: Tenant) => Value;

/** How a property takes part in a filter. Empty text and undefined are what `$null` finds. */
export type FilterProperty =
  | { kind: "text"; read: Read<string> }
  /** One of several texts is enough. `complete` says in full what was asked for with -eq. */
  | { kind: "texts"; read: Read<readonly string[]>; complete?: (asked: string) => string }
  | { kind: "boolean"; read: Read<boolean> }
  | { kind: "integer"; read: Read<number | undefined> }
  | { kind: "guid"; read: Read<string> }
  | { kind: "time"; read: Read<number | undefined> }
  /** One member's name, or several with commas between. */
  | { kind: "enumeration"; read: Read<string>; typeName: string; members: readonly string[] }
  /** Another object, or several, named in the filter by DN or canonical name. */
  | {
      kind: "link";
      holds: (record: DirectoryRecord, target: DirectoryRecord, tenant: Tenant) => boolean;
      isEmpty: Read<boolean>;
    };

/** What a cmdlet can filter on, and what it can show but not filter on. Names in any letter case. */
export type FilterProperties = {
  find(name: string): FilterProperty | "notFilterable" | undefined;
};

/** Whether a record is wanted. */
export type Predicate = (record: DirectoryRecord) => boolean;

export type FilterValue = string | number | boolean | null;
export type ComparisonOperator = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/** A filter of either language, parsed. Positions count characters from 0 in the text it came from. */
export type FilterExpression =
  | { kind: "and"; operands: readonly FilterExpression[] }
  | { kind: "or"; operands: readonly FilterExpression[] }
  | { kind: "not"; operand: FilterExpression }
  | { kind: "comparison"; property: string; operator: ComparisonOperator; value: FilterValue; position: number }
  /** The texts between the wildcards, in order: `a*b` is ["a", "b"], and one text alone is the whole value. */
  | { kind: "match"; property: string; pieces: readonly [string, ...string[]]; position: number };

/** Joins operands without nesting a joined one of the same kind, and leaves a single one as it is. */
export function join(
  kind: "and" | "or",
  operands: readonly [FilterExpression, ...FilterExpression[]],
): FilterExpression {
  if (operands.length === 1) return operands[0];
  return kind === "and" ? { kind, operands } : { kind, operands };
}
