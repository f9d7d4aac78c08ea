import { test } from "vitest";
import { expectFewBytes, idMakers } from "#test/unit/layers/snapshots/record-index-bytes";

test.each(idMakers)("keeps 200,000 records whose ids are %s in at most 100 bytes each", (_, makeId) =>
  expectFewBytes(200_000, makeId),
);
