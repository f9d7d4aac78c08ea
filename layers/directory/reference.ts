import type { Recipient } from "#directory/recipient";

/** An object as it is told to people: by the name they see, where it has one. The type is Exchange's RecipientTypeDetails. */
export type Reference = { id: string; name: string; address: string | null; type: string };

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
