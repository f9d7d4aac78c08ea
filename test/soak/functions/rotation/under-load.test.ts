import { test } from "vitest";
import { expectRotationUnderLoad } from "#test/support/rotation";

test("loses nothing and fails nothing when the credential is rotated under load", { timeout: 20 * 60_000 }, () =>
  expectRotationUnderLoad({
    users: 2_000,
    groups: 10,
    changes: 100,
    rotations: ["refused", "gradual", "abrupt"],
    changesBetween: 5,
    delayMs: 2,
  }),
);
