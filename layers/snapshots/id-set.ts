/** A GUID is kept as four words of 32 bits. */
const wordsPerId = 4;
const firstCapacity = 1024;
/** Above this the table doubles. A doubling holds both tables for a moment: at most 64 bytes an id, 22 to 43 otherwise. */
const fullestLoad = 0.75;

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * A set of GUIDs in one flat table (open addressing), because a Set of strings takes more than 100 bytes for each.
 * Letter case does not count.
 */
export class IdSet {
  #words = new Uint32Array(firstCapacity * wordsPerId);
  #size = 0;
  /** The id of zeros alone looks like an empty place. */
  #hasZero = false;

  get size(): number {
    return this.#size;
  }

  /** Whether the id is new. Throws where it is no GUID. */
  add(id: string): boolean {
    if (!guid.test(id)) throw new TypeError("An id of a record is not a GUID.");
    if (this.#size >= this.#capacity * fullestLoad) this.#grow();
    const isNew = this.#insert(
      Number.parseInt(id.slice(0, 8), 16),
      Number.parseInt(id.slice(9, 13) + id.slice(14, 18), 16),
      Number.parseInt(id.slice(19, 23) + id.slice(24, 28), 16),
      Number.parseInt(id.slice(28), 16),
    );
    if (isNew) this.#size += 1;
    return isNew;
  }

  get #capacity(): number {
    return this.#words.length / wordsPerId;
  }

  #insert(a: number, b: number, c: number, d: number): boolean {
    const words = this.#words;
    if ((a | b | c | d) === 0) {
      const isNew = !this.#hasZero;
      this.#hasZero = true;
      return isNew;
    }
    const mask = this.#capacity - 1;
    for (let place = hash(a, b, c, d) & mask; ; place = (place + 1) & mask) {
      const at = place * wordsPerId;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return false;
      if (words[at] || words[at + 1] || words[at + 2] || words[at + 3]) continue;
      words[at] = a;
      words[at + 1] = b;
      words[at + 2] = c;
      words[at + 3] = d;
      return true;
    }
  }

  #grow(): void {
    const before = this.#words;
    this.#words = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += wordsPerId) {
      const [a = 0, b = 0, c = 0, d = 0] = before.subarray(at, at + wordsPerId);
      if (a | b | c | d) this.#insert(a, b, c, d);
    }
  }
}

/** Spreads ids that differ in a few digits only, as those of one directory may. */
function hash(a: number, b: number, c: number, d: number): number {
  let mixed = Math.imul(a ^ (d >>> 15), 0x85ebca6b) ^ Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
  mixed ^= Math.imul(c ^ (b >>> 11), 0x27d4eb2f) ^ Math.imul(d ^ (c >>> 7), 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
