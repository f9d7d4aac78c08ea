import { type DirectoryObject, selection, type TypedValue } from "#local/exchange/answer/json-answer";

const start = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">';
const listTypes = ["System.Collections.ArrayList", "System.Object"];
const stringListType =
  "Microsoft.Exchange.Data.MultiValuedProperty`1[[System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]";

/** One CLIXML text that holds a list of the objects, an empty one too. `select` as for JSON. */
export function toCliXml(objects: readonly DirectoryObject[], select?: readonly string[]): string {
  const writer = new CliXmlWriter(selection(select));
  return writer.write(objects);
}

/** Numbers objects and type names; a list of type names that came before is referred to. */
class CliXmlWriter {
  readonly #isSelected: (name: string) => boolean;
  /** By the list itself, which is one and the same for all objects of a kind. */
  readonly #typeNames = new Map<readonly string[], string>();
  readonly #listTypes = new Map<string, readonly string[]>();
  readonly #attributes = new Map<string, string | undefined>();
  #objects = 0;

  constructor(isSelected: (name: string) => boolean) {
    this.#isSelected = isSelected;
  }

  write(objects: readonly DirectoryObject[]): string {
    let xml = `${start}<Obj${this.#nextId()}>${this.#types(listTypes)}<LST>`;
    for (const object of objects) xml += this.#object(object);
    return `${xml}</LST></Obj></Objs>`;
  }

  #object({ typeNames, properties }: DirectoryObject): string {
    const identity = properties.Identity;
    let xml = `<Obj${this.#nextId()}>${this.#types(typeNames)}`;
    if (typeof identity === "string") xml += `<ToString>${toCliXmlText(identity)}</ToString>`;
    xml += "<Props>";
    for (const name in properties) {
      const attribute = this.#attribute(name);
      if (attribute !== undefined) xml += this.#property(attribute, properties[name] ?? null);
    }
    return `${xml}</Props></Obj>`;
  }

  /** ` N="City"`, or undefined for a property that is not asked for. */
  #attribute(name: string): string | undefined {
    if (!this.#attributes.has(name)) {
      this.#attributes.set(name, this.#isSelected(name) ? ` N="${toCliXmlAttribute(name)}"` : undefined);
    }
    return this.#attributes.get(name);
  }

  #property(attribute: string, value: TypedValue): string {
    if (value === null) return `<Nil${attribute} />`;
    if (typeof value === "string") return `<S${attribute}>${toCliXmlText(value)}</S>`;
    if (typeof value === "boolean") return `<B${attribute}>${value}</B>`;
    if ("guid" in value) return `<G${attribute}>${value.guid}</G>`;
    if ("dateTime" in value) return `<DT${attribute}>${toXmlTime(value)}</DT>`;
    if ("int32" in value) return `<I32${attribute}>${value.int32}</I32>`;
    if ("enum" in value) return `<S${attribute}>${toCliXmlText(value.enum)}</S>`;
    return this.#list(attribute, value.list, value.typeName ?? stringListType);
  }

  #list(attribute: string, items: readonly string[], typeName: string): string {
    let xml = `<Obj${attribute}${this.#nextId()}>${this.#types(this.#listType(typeName))}<LST>`;
    for (const item of items) xml += `<S>${toCliXmlText(item)}</S>`;
    return `${xml}</LST></Obj>`;
  }

  #listType(typeName: string): readonly string[] {
    const known = this.#listTypes.get(typeName);
    if (known) return known;
    const typeNames = [typeName, "System.Object"];
    this.#listTypes.set(typeName, typeNames);
    return typeNames;
  }

  #types(typeNames: readonly string[]): string {
    const reference = this.#typeNames.get(typeNames);
    if (reference !== undefined) return reference;
    const id = this.#typeNames.size;
    this.#typeNames.set(typeNames, `<TNRef RefId="${id}" />`);
    return `<TN RefId="${id}">${typeNames.map((name) => `<T>${toCliXmlText(name)}</T>`).join("")}</TN>`;
  }

  #nextId(): string {
    const id = this.#objects;
    this.#objects += 1;
    return ` RefId="${id}"`;
  }
}

/** A local time carries its offset; servers of Exchange Online run on UTC. */
function toXmlTime({ dateTime, local }: { dateTime: string; local?: true }): string {
  return local ? dateTime.replace(/Z$/, "+00:00") : dateTime;
}

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
