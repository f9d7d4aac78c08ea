/** Control characters, surrogates in pairs or alone, what XML cannot hold, and an underscore that would read as an escape. */
const needsCode = /[\p{Cc}\p{Cs}\u{10000}-\u{10FFFF}\uFFFE\uFFFF]|_(?=[xX])/gu;
const needsEntity = /[&<>]/g;
const isPlain = /^[^\p{Cc}\p{Cs}\u{10000}-\u{10FFFF}\uFFFE\uFFFF&<>_]*$/u;

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * Text as an element of CLIXML: what PowerShell writes as `_xHHHH_`, then what XML writes as an entity.
 * [MS-PSRP] 2.2.5.3.2
 */
export function toCliXmlText(text: string): string {
  if (isPlain.test(text)) return text;
  return text.replace(needsCode, toCode).replace(needsEntity, (character) => entities[character] ?? character);
}

/** Text within double quotes, as a name is. */
export function toCliXmlAttribute(text: string): string {
  return toCliXmlText(text).replaceAll('"', "&quot;");
}

function toCode(character: string): string {
  let codes = "";
  for (let unit = 0; unit < character.length; unit += 1) {
    codes += `_x${character.charCodeAt(unit).toString(16).toUpperCase().padStart(4, "0")}_`;
  }
  return codes;
}
