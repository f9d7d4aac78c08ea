import { test } from "vitest";
import { expectGroupsOfAnyName, expectTextsAsTheyAre } from "#test/unit/layers/operations/any-text-properties";

test("hands 640 texts to Exchange as group, member and name as they are, or refuses them", () =>
  expectTextsAsTheyAre(640));

test("makes groups of any name that is taken for one, and finds them and whoever is put in by id alone", () =>
  expectGroupsOfAnyName(100));
