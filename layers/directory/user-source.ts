import type { ListParameters } from "#directory/listing";
import type { UserFields } from "#directory/user";
import type { Cmdlet } from "#exchange/cmdlet";

/** Kinds of mailbox that are no person's, read by choice. */
export type ResourceKind = "shared" | "rooms" | "equipment";

/** A way to read every user of a tenant. */
export type UserSource<Row, Type extends string> = {
  readonly cmdlet: Cmdlet<Row, ListParameters<Type>>;
  /** Who counts as a user, by RecipientTypeDetails: people always, the others where they are chosen. */
  readonly types: { readonly [Kind in "people" | ResourceKind]: readonly Type[] };
  toFields(row: Row): UserFields;
};
