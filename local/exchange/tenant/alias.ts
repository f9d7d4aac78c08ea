const aliasCharacter = "[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~\\u00A1-\\u00FF]";

/** What Exchange takes as an alias. */
export const validAlias = new RegExp(`^(?=.{1,64}$)${aliasCharacter}+(?:\\.${aliasCharacter}+)*$`, "u");

/** A name without blanks, with `?` for what an alias cannot hold. */
export function toAlias(name: string): string {
  const characters = [...name.replace(/\s/gu, "")].map((character) =>
    character === "." || validAlias.test(character) ? character : "?",
  );
  const withSinglePeriods = characters.join("").replace(/^\.+|\.+$|\.(?=\.)/gu, "");
  return withSinglePeriods.slice(0, 60) || "?";
}

/**
 * The alias as the part of a mail address before the @.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/new-distributiongroup#-alias
 */
export function toAscii(alias: string): string {
  const bestFits: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", Ä: "Ae", Ö: "Oe", Ü: "Ue", ß: "ss" };
  return alias
    .replace(/[äöüÄÖÜß]/gu, (character) => bestFits[character] ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x21-\x7e]/gu, "?");
}
