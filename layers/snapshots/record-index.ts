import { hash } from "node:crypto";

/** What a record is beside the base: the first of its id or not, and as it was there or not. */
export type Comparison = "added" | "changed" | "same" | "repeated";

/** An entry: the GUID in four words of 32 bits, and two words of which 62 bits are the content's hash and two are flags. */
const wordsPerEntry = 6;
const inBase = 1;
const inRun = 2;
const flagBits = inBase | inRun;

const firstCapacity = 1024;
const fullestLoad = 0.8;
/** While a table grows both lie in memory: 30 and 45 bytes an entry. */
const growth = 1.5;

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Words = { id: readonly [number, number, number, number]; content: readonly [number, number] };

/**
 * The records of a base and of the run that follows it, by id and content hash, in one flat table (open addressing): 30 to
 * 45 bytes a record, where a Map of strings takes several hundred. Letter case of ids does not count.
 */
export class RecordIndex {
  #words: Uint32Array;
  #size = 0;

  /** With room for so many records. */
  constructor(expectedRecords = 0) {
    this.#words = new Uint32Array(capacityFor(expectedRecords) * wordsPerEntry);
  }

  /** Adds a record of the base. Throws where the id is no GUID. */
  addBase(id: string, content: string): void {
    const words = toWords(id, content);
    this.#set(this.#place(words.id), words, inBase);
  }

  /** Adds a record of the run and says what it is beside the base. Throws where the id is no GUID. */
  add(id: string, content: string): Comparison {
    const words = toWords(id, content);
    const at = this.#place(words.id);
    const flags = this.#flagsAt(at);
    if (flags & inRun) return "repeated";
    const isSame =
      this.#words[at + 4] === words.content[0] && ((this.#words[at + 5] ?? 0) & ~flagBits) >>> 0 === words.content[1];
    this.#set(at, words, flags | inRun);
    if (!(flags & inBase)) return "added";
    return isSame ? "same" : "changed";
  }

  /** Whether the run has a record of that id. */
  has(id: string): boolean {
    return (this.#flagsAt(this.#place(toWords(id, "").id)) & inRun) !== 0;
  }

  /** The ids of the base that the run has no record of. */
  *missing(): Generator<string, void> {
    for (let at = 0; at < this.#words.length; at += wordsPerEntry) {
      if (this.#flagsAt(at) === inBase) yield toGuid(this.#words.subarray(at, at + 4));
    }
  }

  get #capacity(): number {
    return this.#words.length / wordsPerEntry;
  }

  #flagsAt(at: number): number {
    return (this.#words[at + 5] ?? 0) & flagBits;
  }

  /** Where the id is, or the free place it would take. */
  #place(id: Words["id"]): number {
    if (this.#size >= this.#capacity * fullestLoad) this.#grow();
    const words = this.#words;
    for (let place = spread(id, this.#capacity); ; place = (place + 1) % this.#capacity) {
      const at = place * wordsPerEntry;
      if (this.#flagsAt(at) === 0) return at;
      if (words[at] === id[0] && words[at + 1] === id[1] && words[at + 2] === id[2] && words[at + 3] === id[3])
        return at;
    }
  }

  #set(at: number, { id, content }: Words, flags: number): void {
    if (this.#flagsAt(at) === 0) this.#size += 1;
    this.#words.set(id, at);
    this.#words[at + 4] = content[0];
    this.#words[at + 5] = content[1] | flags;
  }

  #grow(): void {
    const before = this.#words;
    this.#size = 0;
    this.#words = new Uint32Array(Math.ceil((before.length / wordsPerEntry) * growth) * wordsPerEntry);
    for (let at = 0; at < before.length; at += wordsPerEntry) {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = before.subarray(at, at + wordsPerEntry);
      if ((f & flagBits) === 0) continue;
      const id = [a, b, c, d] as const;
      this.#set(this.#place(id), { id, content: [e, (f & ~flagBits) >>> 0] }, f & flagBits);
    }
  }
}

function capacityFor(records: number): number {
  return Math.max(firstCapacity, Math.ceil(records / fullestLoad) + 1);
}

function toWords(id: string, content: string): Words {
  if (!guid.test(id)) throw new TypeError("An id of a record is not a GUID.");
  const digits = id.replaceAll("-", "");
  const word = (start: number) => Number.parseInt(digits.slice(start, start + 8), 16);
  const digest = hash("sha256", content);
  return {
    id: [word(0), word(8), word(16), word(24)],
    content: [Number.parseInt(digest.slice(0, 8), 16), (Number.parseInt(digest.slice(8, 16), 16) & ~flagBits) >>> 0],
  };
}

function toGuid(words: Uint32Array): string {
  const digits = [...words].map((word) => word.toString(16).padStart(8, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Spreads ids over the table that differ in a few digits only, as those of one directory may. */
function spread([a, b, c, d]: Words["id"], capacity: number): number {
  let mixed = Math.imul(a ^ (d >>> 15), 0x85ebca6b) ^ Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
  mixed ^= Math.imul(c ^ (b >>> 11), 0x27d4eb2f) ^ Math.imul(d ^ (c >>> 7), 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return Math.floor((((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32) * capacity);
}
