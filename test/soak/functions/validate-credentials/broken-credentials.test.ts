import { expect, test } from "vitest";
import { brokenStates } from "#test/support/broken-states";
import { describeBrokenStates } from "#test/support/validate-broken-states";

test("knows at least 25 ways in which a secret or a tenant can be broken", () => {
  expect(new Set(brokenStates.map(({ trouble }) => trouble)).size).toBeGreaterThanOrEqual(25);
});

describeBrokenStates(brokenStates);
