import { users } from "#directory/user-sources/users";

/** Whether it is a person, by RecipientTypeDetails: somebody with a mailbox, a mail user or an account, no room and no list. */
export function isPerson({ recipientType }: { recipientType: string }): boolean {
  return users.types.people.some((type) => type === recipientType);
}
