import { test } from "vitest";
import { expectSmallState } from "#test/unit/layers/operations/expand-audience/audience-fixture";

test("keeps 5,000 groups in a few hundred bytes each, and goes on from them", () => expectSmallState(5_000));
