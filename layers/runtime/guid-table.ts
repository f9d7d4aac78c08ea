const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const idWords = 4;
const firstCapacity = 1024;
const fullestLoad = 0.8;
/** While a table grows both lie in memory. */
const growth = 1.5;

type IdWords = readonly [number, number, number, number];

/**
 * Rows found by GUID, in one flat array of 32-bit words (open addressing): four words for the id, and as many beside it as
 * the table was made with. A row takes 1.25 to 1.9 times its own size. Letter case of ids does not count.
 */
export class GuidTable {
  readonly #valueWords: number;
  #words: Uint32Array;
  #size = 0;
  /** The GUID of zeros would look like a free place, so its row lies outside. */
  #rowOfZeros: Uint32Array | undefined;

  /** With room for so many rows. */
  constructor(valueWords: number, expectedRows = 0) {
    this.#valueWords = valueWords;
    const capacity = Math.max(firstCapacity, Math.ceil(expectedRows / fullestLoad) + 1);
    this.#words = new Uint32Array(capacity * this.#rowWords);
  }

  /** Rows so far. */
  get size(): number {
    return this.#size + (this.#rowOfZeros ? 1 : 0);
  }

  /** The words beside an id; undefined where it has no row. Throws a TypeError where it is no GUID. */
  find(id: string): Uint32Array | undefined {
    const words = toWords(id);
    if (isZero(words)) return this.#rowOfZeros;
    const at = this.#place(words);
    return this.#isFree(at) ? undefined : this.#valuesAt(at);
  }

  /** The words beside an id, to be written too, until the next row is made. A new row's are 0. Throws like `find`. */
  row(id: string): Uint32Array {
    const words = toWords(id);
    if (isZero(words)) {
      this.#rowOfZeros ??= new Uint32Array(this.#valueWords);
      return this.#rowOfZeros;
    }
    if (this.#size >= this.#capacity * fullestLoad) this.#grow();
    const at = this.#place(words);
    if (this.#isFree(at)) {
      this.#words.set(words, at);
      this.#size += 1;
    }
    return this.#valuesAt(at);
  }

  /** Every id in lower case with the words beside it, in no order. */
  *rows(): Generator<readonly [string, Uint32Array], void> {
    if (this.#rowOfZeros) yield [toGuid(new Uint32Array(idWords)), this.#rowOfZeros];
    for (let at = 0; at < this.#words.length; at += this.#rowWords) {
      if (!this.#isFree(at)) yield [toGuid(this.#words.subarray(at, at + idWords)), this.#valuesAt(at)];
    }
  }

  get #rowWords(): number {
    return idWords + this.#valueWords;
  }

  get #capacity(): number {
    return this.#words.length / this.#rowWords;
  }

  #isFree(at: number): boolean {
    const words = this.#words;
    return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
  }

  #valuesAt(at: number): Uint32Array {
    return this.#words.subarray(at + idWords, at + this.#rowWords);
  }

  /** Where the id is, or the free place it would take. */
  #place(id: IdWords): number {
    const words = this.#words;
    for (let place = spread(id, this.#capacity); ; place = (place + 1) % this.#capacity) {
      const at = place * this.#rowWords;
      if (words[at] === id[0] && words[at + 1] === id[1] && words[at + 2] === id[2] && words[at + 3] === id[3])
        return at;
      if (this.#isFree(at)) return at;
    }
  }

  #grow(): void {
    const before = this.#words;
    this.#words = new Uint32Array(Math.ceil(this.#capacity * growth) * this.#rowWords);
    for (let at = 0; at < before.length; at += this.#rowWords) {
      const [a = 0, b = 0, c = 0, d = 0] = before.subarray(at, at + idWords);
      const id = [a, b, c, d] as const;
      if (!isZero(id)) this.#words.set(before.subarray(at, at + this.#rowWords), this.#place(id));
    }
  }
}

function toWords(id: string): IdWords {
  if (!guid.test(id)) throw new TypeError("An id is not a GUID.");
  const digits = id.replaceAll("-", "");
  const word = (start: number) => Number.parseInt(digits.slice(start, start + 8), 16);
  return [word(0), word(8), word(16), word(24)];
}

function isZero([a, b, c, d]: IdWords): boolean {
  return (a | b | c | d) === 0;
}

function toGuid(words: Uint32Array): string {
  const digits = [...words].map((word) => word.toString(16).padStart(8, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Spreads ids over the table that differ in a few digits only, as those of one directory may. */
function spread([a, b, c, d]: IdWords, capacity: number): number {
  let mixed = Math.imul(a ^ (d >>> 15), 0x85ebca6b) ^ Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
  mixed ^= Math.imul(c ^ (b >>> 11), 0x27d4eb2f) ^ Math.imul(d ^ (c >>> 7), 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return Math.floor((((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32) * capacity);
}
