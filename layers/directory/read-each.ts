import type { ExchangeReader, ReadOptions } from "#exchange/client";
import type { Cmdlet } from "#exchange/cmdlet";
import { objectId } from "#exchange/values";
import { ExchangeError } from "#runtime/errors";

type ObjectRow = { ExchangeObjectId?: unknown; Guid?: unknown };

/** All rows of a read, each object once; an object that comes again replaces itself. Throws for a row that is not as expected. */
export async function readEach<Row extends ObjectRow, Parameters>(
  reader: ExchangeReader,
  cmdlet: Cmdlet<Row, Parameters>,
  parameters: Parameters,
  options: ReadOptions,
): Promise<Row[]> {
  const rows = new Map<string | undefined, Row>();
  for await (const parsed of reader.read(cmdlet, parameters, options)) {
    if (!parsed.ok) throw unexpectedRow(parsed);
    rows.set(objectId(parsed.row), parsed.row);
  }
  return [...rows.values()];
}

/** The error for a row that is not as Exchange's rows are. */
export function unexpectedRow({ id, reason }: { id: string | undefined; reason: string }): ExchangeError {
  return new ExchangeError(
    "UNEXPECTED",
    `Exchange's row of the object ${id ?? "without id"} is not as expected: ${reason}`,
  );
}
