import { test } from "vitest";
import { runSchedules } from "#test/unit/layers/operations/run-change-schedules";

test("changes everything once and says nothing that is not so, in 1,000 random schedules", () => runSchedules(1_000));
