/** Numbers that follow from a seed, the same on every machine. */
export type Random = {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  /** True in `share` of the cases, as 0.25 in a quarter of them. */
  chance(share: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  guid(): string;
};

/** A small fast counter generator (sfc32), seeded by one number. */
export function createRandom(seed: number): Random {
  const nextUint32 = createSfc32(seed);
  const next = () => nextUint32() / 0x1_0000_0000;
  const below = (limit: number) => Math.floor(next() * limit);

  return {
    next,
    below,
    chance: (share) => next() < share,
    pick: (items) => items[below(items.length)] ?? items[0],
    guid: () => formatGuid(nextUint32(), nextUint32(), nextUint32(), nextUint32()),
  };
}

function createSfc32(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = seed | 0;
  let c = Math.floor(seed / 0x1_0000_0000) | 0;
  let counter = 1;

  const nextUint32 = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 16; round += 1) nextUint32();
  return nextUint32;
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** A version 4 GUID of four random numbers. */
function formatGuid(a: number, b: number, c: number, d: number): string {
  const version = (b & 0xffff0fff) | 0x4000;
  const variant = (c & 0x3fffffff) | 0x80000000;
  return `${hex32(a)}-${hex16(version >>> 16)}-${hex16(version)}-${hex16(variant >>> 16)}-${hex16(variant)}${hex32(d)}`;
}

function hex16(value: number): string {
  return `${hexPairs[(value >>> 8) & 0xff]}${hexPairs[value & 0xff]}`;
}

function hex32(value: number): string {
  return hex16(value >>> 16) + hex16(value);
}
