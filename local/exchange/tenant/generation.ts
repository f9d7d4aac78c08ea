import type { Random } from "#local/exchange/tenant/random";
import type { TenantAddress } from "#local/exchange/tenant/tenant-address";

/** What the parts of a generated tenant draw from and must not give out twice. */
export type Generation = {
  random: Random;
  address: TenantAddress;
  /** The custom domain people have their addresses at. */
  mailDomain: string;
  /** An alias nobody has yet, made of the wish. */
  takeAlias(wish: string): string;
  /** A name no other object has, whatever the letter case, made of the wish. */
  takeName(wish: string): string;
  /** Two times, the second not before the first, in whole seconds. */
  drawTimes(): { whenCreatedMs: number; whenChangedMs: number };
};

const firstMs = Date.UTC(2012, 0, 1);
const lastMs = Date.UTC(2025, 5, 30);

/** From here on Exchange names new people by their ExternalDirectoryObjectId. */
export const guidNamesSinceMs = Date.UTC(2022, 10, 1);

export function startGeneration(random: Random, address: TenantAddress, mailDomain: string): Generation {
  return {
    random,
    address,
    mailDomain,
    takeAlias: createTaker(),
    takeName: createTaker(),
    drawTimes: () => {
      const whenCreatedMs = toSecond(firstMs + (lastMs - firstMs) * Math.sqrt(random.next()));
      return { whenCreatedMs, whenChangedMs: toSecond(whenCreatedMs + (lastMs - whenCreatedMs) * random.next()) };
    },
  };
}

function toSecond(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}

/** Gives a wish itself the first time, then with the next free number behind it. */
function createTaker(): (wish: string) => string {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return (wish) => {
    const key = wish.toLowerCase();
    let count = counts.get(key) ?? 0;
    while (taken.has(count === 0 ? key : `${key}${count}`)) count += 1;
    counts.set(key, count + 1);
    taken.add(count === 0 ? key : `${key}${count}`);
    return count === 0 ? wish : `${wish}${count}`;
  };
}
