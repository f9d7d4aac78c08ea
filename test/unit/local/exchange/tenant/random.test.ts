import { expect, test } from "vitest";
import { createRandom } from "#local/exchange/tenant/random";

test("draws the same again from the same seed, and other things from another", () => {
  const draw = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => random.below(1_000_000));
  };

  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test("spreads its numbers evenly", () => {
  const random = createRandom(1);
  const counts = new Array<number>(10).fill(0);

  for (let draw = 0; draw < 100_000; draw += 1) {
    const place = random.below(10);
    counts[place] = (counts[place] ?? 0) + 1;
  }

  expect(Math.min(...counts)).toBeGreaterThan(9_700);
  expect(Math.max(...counts)).toBeLessThan(10_300);
});

test("draws GUIDs of version 4 that do not repeat", () => {
  const random = createRandom(1);

  const guids = Array.from({ length: 10_000 }, () => random.guid());

  expect(new Set(guids).size).toBe(10_000);
  for (const guid of guids)
    expect(guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
