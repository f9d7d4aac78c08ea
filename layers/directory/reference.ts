import * as z from "zod";
import type { Recipient } from "#directory/recipients";
import { guidSchema } from "#directory/records";

/** An object as it is told to people: by the name they see, where it has one. */
export const referenceSchema = z.strictObject({
  id: guidSchema.describe("Stays with the object for life: Exchange's ExchangeObjectId."),
  name: z.string(),
  address: z.string().nullable(),
  type: z.string().describe("Exchange's RecipientTypeDetails."),
});

export type Reference = z.infer<typeof referenceSchema>;

/** An object without its type, where that follows from what is asked. */
export const namedSchema = referenceSchema.omit({ type: true });

export type NamedObject = z.infer<typeof namedSchema>;

type Named = { id: string; displayName?: string | null; name?: string | null };

/** What a recipient is called. */
export function referTo({ primaryAddress, recipientType, ...named }: Recipient): Reference {
  return nameObject({ ...named, address: primaryAddress, type: recipientType });
}

/** What an object is called of which these fields are known. */
export function nameObject({
  id,
  displayName,
  name,
  address,
  type,
}: Named & { address?: string | null | undefined; type: string }): Reference {
  return { id, name: displayName ?? name ?? address ?? id, address: address ?? null, type };
}
