/** A value for each name of a table, made of the name. */
export function mapNames<Name extends string, Value>(
  table: Readonly<Record<Name, unknown>>,
  make: (name: Name) => Value,
): Record<Name, Value> {
  const names = Object.keys(table) as Name[];
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>;
}
