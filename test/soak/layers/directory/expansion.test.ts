import { test } from "vitest";
import {
  expectSameInAnyOrder,
  expectToGoOn,
  expectWhatTryingFinds,
} from "#test/unit/layers/directory/expansion-properties";

test("finds what trying everything finds, asking each group once, in 1,000 random graphs", () =>
  expectWhatTryingFinds(1_000));

test("comes to the same paths and cycles in whatever order members are told", () => expectSameInAnyOrder(200));

test("goes on after any group as if it had not stopped", () => expectToGoOn(300));
