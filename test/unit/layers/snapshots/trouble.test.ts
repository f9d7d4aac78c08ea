import { test } from "vitest";
import { runTroubleInMemory } from "#test/unit/layers/snapshots/trouble-in-memory";

test("names a whole snapshot at every moment of 60 runs that race, die and meet a storage in trouble", () =>
  runTroubleInMemory(60));
