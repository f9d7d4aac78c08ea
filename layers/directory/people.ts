import { recipients } from "#directory/user-sources/recipients";

/** Whether a recipient is a person, by RecipientTypeDetails: somebody with a mailbox or a mail user, no room and no list. */
export function isPerson({ recipientType }: { recipientType: string }): boolean {
  return recipients.types.people.some((type) => type === recipientType);
}
