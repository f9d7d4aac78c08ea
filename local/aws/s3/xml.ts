const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** An element: each of `members` an element of text in it, then further elements. */
export function xmlElement(
  name: string,
  members: Record<string, string | number | boolean>,
  elements: readonly string[] = [],
): string {
  const texts = Object.entries(members).map(([member, value]) => `<${member}>${escapeXml(String(value))}</${member}>`);
  return `<${name}>${texts.join("")}${elements.join("")}</${name}>`;
}

export function xmlDocument(element: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element}`;
}
