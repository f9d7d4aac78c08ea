import { expect, test } from "vitest";
import { type Comparison, describeComparison, describeDifferences } from "#local/compare/compare";

function comparison(name: string, count: number, wordings = 0): Comparison {
  const difference = (isWording: boolean) => (_: unknown, index: number) => ({
    what: `${isWording ? "words" : "step"} ${index}`,
    standIn: "one",
    module: "another",
    isWording,
  });
  const differences = [
    ...Array.from({ length: count }, difference(false)),
    ...Array.from({ length: wordings }, difference(true)),
  ];
  return { scenario: { name, play: async () => {} }, seconds: 3, differences };
}

test("says of each scenario what came of it", () => {
  const failed: Comparison = { scenario: { name: "c", play: async () => {} }, seconds: 1, failure: "No port." };

  expect(describeComparison(comparison("a", 0, 2))).toBe("a  the same  (3 s)");
  expect(describeComparison(comparison("b", 1))).toBe("b  1 difference  (3 s)");
  expect(describeComparison(failed)).toBe("c  could not be played: No port.  (1 s)");
});

test("shows differences in a table, and wording only where it is asked for", () => {
  const comparisons = [comparison("a", 0), comparison("b", 1, 1)];

  const plain = describeDifferences(comparisons, { wording: false });
  const all = describeDifferences(comparisons, { wording: true });

  expect(plain).toMatch(/^scenario +what +stand-in +module\nb +step 0 +one +another\n/);
  expect(plain).not.toContain("words 0");
  expect(plain).toContain("2 scenarios compared, 1 with differences; 1 text worded otherwise");
  expect(all).toMatch(/does not count:\nscenario .+\nb +words 0 +one +another\n/);
});

test("shows no table where nothing differs", () => {
  expect(describeDifferences([comparison("a", 0)], { wording: false })).toMatch(/^1 scenario compared, 0 with/);
});

test("cuts what one scenario has to tell", () => {
  const table = describeDifferences([comparison("a", 12)], { wording: false });

  expect(table).toContain("step 9");
  expect(table).not.toContain("step 10");
  expect(table).toContain("and 2 more");
});
