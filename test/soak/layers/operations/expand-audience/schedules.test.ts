import { test } from "vitest";
import { runSchedules } from "#test/unit/layers/operations/expand-audience/run-schedules";

test("writes everybody once, whole and right, in 500 random schedules", () => runSchedules(500));
