const specialCharacters = /[,\\+"<>;=\r\n]/g;

/** A name as the value of a DN's part: RFC 4514's special characters with a backslash, line breaks as their code. */
export function escapeDnValue(value: string): string {
  const escaped = value.replace(specialCharacters, (character) => {
    if (character === "\n") return "\\0A";
    if (character === "\r") return "\\0D";
    return `\\${character}`;
  });
  return escaped.replace(/^[ #]/, "\\$&").replace(/(?<!\\) $/, "\\ ");
}

/** The text that `escapeDnValue` made a DN's value of. */
function unescapeDnValue(value: string): string {
  return value.replace(/\\([0-9A-Fa-f]{2}|.)/gs, (_, code: string) =>
    code.length === 2 ? String.fromCharCode(Number.parseInt(code, 16)) : code,
  );
}

/** Splits `CN=<name>,<rest>` into the name and the rest, or answers undefined where the text is no such DN. */
export function splitDistinguishedName(text: string): { name: string; parent: string } | undefined {
  const match = /^CN=((?:[^,\\]|\\.)+),(.+)$/is.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { name: unescapeDnValue(match[1]), parent: match[2] };
}
