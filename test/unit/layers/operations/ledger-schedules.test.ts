import { test } from "vitest";
import { runInMemory } from "#test/unit/layers/operations/run-schedules";

test("ends each operation once and loses nothing that was kept, in 60 random schedules", () => runInMemory(60));
