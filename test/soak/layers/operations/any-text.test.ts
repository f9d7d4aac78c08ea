import { test } from "vitest";
import { expectGroupsOfAnyName, expectTextsAsTheyAre } from "#test/unit/layers/operations/any-text-properties";

test("hands 10,000 texts to Exchange as group, member and name as they are, or refuses them", () =>
  expectTextsAsTheyAre(10_000));

test("makes groups of any name that is taken for one, and finds them and whoever is put in by id alone", () =>
  expectGroupsOfAnyName(2_000));
