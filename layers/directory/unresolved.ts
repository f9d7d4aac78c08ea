import { type Candidate, kindOfIdentity, type Resolution } from "#directory/identity";
import { holdsInvisible, waysToRead } from "#directory/pasted-identity";
import { quote } from "#runtime/text";

/** Why a text does not name one object, as people and the caller are told. */
export type Unresolved = {
  code: "OBJECT_NOT_FOUND" | "OBJECT_AMBIGUOUS" | "OBJECT_NOT_EXACT";
  userMessage: string;
  candidates: Candidate[];
};

/** Says why a text does not name the one list, or the one person or list, that was asked for. */
export function explainUnresolved(
  identity: string,
  resolution: Exclude<Resolution<unknown>, { found: unknown }>,
  wanted: "list" | "anybody",
): Unresolved {
  if ("notFound" in resolution) {
    return { code: "OBJECT_NOT_FOUND", userMessage: describeNotFound([identity], wanted), candidates: [] };
  }
  if ("suggested" in resolution) {
    const candidates = [resolution.suggested];
    return { code: "OBJECT_NOT_EXACT", userMessage: describeSuggestion(resolution.suggested), candidates };
  }
  const what = wanted === "list" ? "lists" : "people or lists";
  const userMessage = `${quote(identity)} fits several ${what}. Please give the address of one.`;
  return { code: "OBJECT_AMBIGUOUS", userMessage, candidates: resolution.ambiguous };
}

/** That nothing has these texts, and what may help: never what was given already. */
export function describeNotFound(identities: readonly string[], wanted: "list" | "anybody"): string {
  const names = new Intl.ListFormat("en-GB").format(identities.map((identity) => quote(identity)));
  const kinds = new Set(identities.map((identity) => kindOfIdentity([...waysToRead(identity)].at(-1) ?? "")));
  const areNames = kinds.has("name");
  const nobody = wanted === "list" ? "no list" : "nobody";
  const what = areNames
    ? `${nobody} called ${names}`
    : `${nobody} with ${kinds.has("address") ? "the address" : "the id"} ${names}`;
  const advice = areNames
    ? `Please give the exact ${wanted === "list" ? "" : "mail "}address.`
    : "Please check how it is written.";
  const hidden = identities.some(holdsInvisible)
    ? [" It holds a character that cannot be seen: please type it anew."]
    : [];
  return [`Exchange knows ${what}. ${advice}`, ...hidden].join("");
}

function describeSuggestion({ name, address }: Candidate): string {
  return address === null ? `Do you mean ${name}?` : `Do you mean ${name} (${address})?`;
}
