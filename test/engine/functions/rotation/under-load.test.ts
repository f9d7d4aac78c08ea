import { test } from "vitest";
import { expectRotationUnderLoad } from "#test/support/rotation";

test("loses nothing and fails nothing when the credential is rotated under load", { timeout: 10 * 60_000 }, () =>
  expectRotationUnderLoad({
    users: 50,
    groups: 2,
    changes: 6,
    rotations: ["refused", "abrupt"],
    changesBetween: 1,
    delayMs: 300,
  }),
);
