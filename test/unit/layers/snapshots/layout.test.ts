import { expect, test } from "vitest";
import { latestKey, newRunId, runKeys } from "#snapshots/layout";

test("puts a run below its kind and the UTC day it began, and latest.json outside of all runs", () => {
  const keys = runKeys("groups", "20260131T235959999Z-0a1b2c3d");

  const folder = "snapshots/groups/runs/2026/01/31/20260131T235959999Z-0a1b2c3d";
  expect([keys.page(1), keys.page(12_345)]).toEqual([
    `${folder}/page-00001.ndjson.gz`,
    `${folder}/page-12345.ndjson.gz`,
  ]);
  expect([keys.manifest, keys.run]).toEqual([`${folder}/manifest.json`, `${folder}/run.json`]);
  expect(latestKey("groups")).toBe("snapshots/groups/latest.json");
});

test("gives runs ids that sort by time and differ within a millisecond", () => {
  const times = ["2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00.000Z", "2026-10-01T00:00:00.000Z"];

  const ids = times.map((time) => newRunId(new Date(time)));

  expect(ids.toSorted()).toEqual(ids);
  expect(newRunId(new Date(0))).not.toBe(newRunId(new Date(0)));
  expect(ids[0]).toMatch(/^20251231T235959999Z-[0-9a-f]{8}$/);
});
