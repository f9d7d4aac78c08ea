import { test } from "vitest";
import { expectFewBytes } from "#test/unit/layers/runtime/guid-set-bytes";

test("takes 21 bytes for each of the 200,000 ids it was made for, and finds them", () => expectFewBytes(200_000));
