import { test } from "vitest";
import { runSchedules } from "#test/unit/layers/operations/expand-audience/run-schedules";

test("writes everybody once, whole and right, in 50 random schedules", () => runSchedules(50));
