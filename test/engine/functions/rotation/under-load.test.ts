import { test } from "vitest";
import { expectRotationUnderLoad } from "#test/support/rotation";

test("loses nothing and fails nothing when the credential is rotated under load", { timeout: 10 * 60_000 }, () =>
  expectRotationUnderLoad({
    users: 30,
    groups: 2,
    changes: 4,
    rotations: ["abrupt"],
    changesBetween: 1,
    delayMs: 100,
  }),
);
