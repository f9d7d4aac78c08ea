/** A property's value with the .NET type it has in PowerShell. Lists hold text. */
export type TypedValue =
  | string
  | boolean
  | null
  | { guid: string }
  /** ISO 8601 in UTC. `local` marks a time that PowerShell shows as local time, as WhenChanged beside WhenChangedUTC. */
  | { dateTime: string; local?: true }
  | { int32: number }
  | { enum: string; typeName: string }
  | { list: readonly string[]; typeName?: string };

/**
 * One object of a cmdlet's answer. `properties` may be computed at each access, in the order the real cmdlet shows them:
 * take it once per row, and only for the rows of the page that is sent.
 */
export type DirectoryObject = {
  /** The object's type and its base types, nearest first. */
  readonly typeNames: readonly string[];
  /** Where it stands in its list: lists are in ascending order of these texts, the first of them counting most. */
  readonly place: readonly string[];
  readonly properties: Readonly<Record<string, TypedValue>>;
};
