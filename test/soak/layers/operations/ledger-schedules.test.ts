import { test } from "vitest";
import { runInMemory, runOnStorage } from "#test/unit/layers/operations/run-schedules";

const promise = "ends each operation once and loses nothing that was kept";

test(`${promise}, in 500 random schedules`, () => runInMemory(500));

test(`${promise}, in 20 random schedules with an S3 in trouble`, () => runOnStorage(20));
