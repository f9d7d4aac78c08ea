import { kindOf } from "#directory/resolve-group";
import type { UnusableOwner } from "#directory/owners";
import { quote } from "#runtime/text";

/** Why nobody can be asked in an owner's place, as an employee is told. */
export function explainUnusable({ owner, reason, found }: UnusableOwner): string {
  const name = found?.name ?? quote(owner);
  const type = found?.type ?? "";
  switch (reason) {
    case "roleGroup":
      return `The owner ${name} is a role group of administrators, to which nobody can write.`;
    case "notFound":
      return `The owner ${name} is gone, or a role group of the organization's own.`;
    case "ambiguous":
      return `The owner ${name} can be several people or lists, and it is not certain which.`;
    case "notPerson":
      return `The owner ${name} is neither a person nor a list (${type}).`;
    case "unlistedGroup":
      return `The owner ${name} is ${kindOf({ recipientType: type })}, and who is in it is not known here.`;
    case "emptyGroup":
      return `The owner ${name} is a list in which there are no people.`;
  }
}
