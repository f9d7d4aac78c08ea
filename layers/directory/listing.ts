import type * as z from "zod";
import type { ExchangeClient, ParsedRow, ReadOptions } from "#exchange/client";
import type { AnswerRow, Cmdlet } from "#exchange/cmdlet";
import { filterByIds, objectId } from "#exchange/values";
import { summarizeIssues } from "#runtime/text";

/** A record, or what is said of a row that is none: its id, where it has one, and the reason without any of its values. */
export type Reading<Item> =
  | { ok: true; id: string; type: string; name: string | undefined; record: Item }
  | { ok: false; id: string | undefined; reason: string };

/** Which objects, in OPATH of our own making, and how many rows at most; without a filter all there are. */
type ListQuery = { filter?: string; resultSize: number | "Unlimited" };

/** The objects of one kind, as one cmdlet reads them. */
export type Listing<Item> = {
  /** Streams; an object that changes meanwhile may come twice or not at all. */
  list(query: ListQuery, options: ReadOptions): AsyncGenerator<Reading<Item>, void>;
  /** Which of these ids are one of theirs now; 20 ids at most. */
  findThere(ids: readonly string[], options: ReadOptions): Promise<ReadonlySet<string>>;
};

/** The parameters that every listing cmdlet has. */
export type ListParameters<Type extends string> = {
  Identity?: string;
  Filter?: string;
  RecipientTypeDetails?: Type[];
  ResultSize?: "Unlimited" | number;
};

/** What every row of a listing has. */
export type ListedRow = AnswerRow & { RecipientTypeDetails: string; ExchangeObjectId?: unknown; Guid?: unknown };

type ListedItem = { id: string; recipientType: string; name?: string | null };

/** How rows of a cmdlet become records. */
export type ListingSource<Item extends ListedItem, Row extends ListedRow, Type extends string> = {
  cmdlet: Cmdlet<Row, ListParameters<Type>>;
  /** The objects that belong to the listing, by RecipientTypeDetails. */
  types: readonly Type[];
  parse(row: Row): z.ZodSafeParseResult<Item>;
};

/** The listing that a client reads from a source. */
export function createListing<Item extends ListedItem, Row extends ListedRow, Type extends string>(
  client: ExchangeClient,
  { cmdlet, types, parse }: ListingSource<Item, Row, Type>,
): Listing<Item> {
  const isListed = (type: string) => types.some((listed) => listed === type);

  function toReading(parsed: ParsedRow<Row>): Reading<Item> {
    if (!parsed.ok) return parsed;
    const item = parse(parsed.row);
    if (!item.success) return { ok: false, id: objectId(parsed.row), reason: summarizeIssues(item.error) };
    const { id, recipientType, name } = item.data;
    return { ok: true, id, type: recipientType, name: name ?? undefined, record: item.data };
  }

  return {
    async *list({ filter, resultSize }, options) {
      const query = { RecipientTypeDetails: [...types], ResultSize: resultSize };
      const parameters = filter === undefined ? query : { ...query, Filter: filter };
      for await (const parsed of client.read(cmdlet, parameters, options)) yield toReading(parsed);
    },

    async findThere(ids, options) {
      const query = { RecipientTypeDetails: [...types], Filter: filterByIds(ids), ResultSize: ids.length };
      const there = new Set<string>();
      for await (const parsed of client.read(cmdlet, query, options)) {
        const id = parsed.ok ? objectId(parsed.row) : parsed.id;
        if (id !== undefined && (!parsed.ok || isListed(parsed.row.RecipientTypeDetails))) there.add(id);
      }
      return there;
    },
  };
}
