import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";

/** The digit under each letter from a to z. */
const keys = "22233344455566677778889999";

/** A name as typed on a telephone, for the three ways a caller may spell it. Empty for what has no mail. */
export function dtmfMapOf({ alias, firstName, lastName }: DirectoryRecord): readonly string[] {
  if (alias === "") return [];
  const last = toKeys(lastName);
  const first = toKeys(firstName);
  return [
    `emailAddress:${toKeys(alias)}`,
    ...(last === "" ? [] : [`lastNameFirstName:${last}${first}`, `firstNameLastName:${first}${last}`]),
  ];
}

function toKeys(text: string): string {
  return text.toLowerCase().replace(/./gsu, (character) => keys[character.charCodeAt(0) - 97] ?? "");
}
