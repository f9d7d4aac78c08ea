import { beforeEach, expect, test } from "vitest";
import { type ErrorCode, ExchangeError } from "#runtime/errors";
import { countRun } from "#snapshots/run-report";
import { ingestInto, readRows } from "#test/support/ingest-fixture";
import { startStorage } from "#test/support/storage";
import { watchMetrics } from "#test/support/watch-metrics";

const failing = (code: ErrorCode) => () => Promise.reject(new ExchangeError(code, "It failed."));

let metrics: [name: string, value: number][];

beforeEach(() => {
  metrics = watchMetrics();
});

test("counts the rows that a run publishes, and none of a run that is skipped or a rehearsal", async () => {
  const storage = await startStorage();
  const scheduledTime = new Date("2026-01-31T12:00:00Z");

  await ingestInto(storage.store, { read: () => readRows(3), scheduledTime });
  await ingestInto(storage.store, { read: () => readRows(4), scheduledTime });
  await ingestInto(storage.store, { read: () => readRows(5), dryRun: true });

  expect(metrics).toEqual([["UsersPublished", 3]]);
  await storage.stop();
});

test("counts groups apart from users", async () => {
  await countRun("groups", async () => ({ status: "published", rows: 0 }));

  expect(metrics).toEqual([["GroupsPublished", 0]]);
});

test.each(["POWERSHELL_TIMEOUT", "STORAGE_UNAVAILABLE", "DEADLINE_TOO_CLOSE"] as const)(
  "counts a run that ends with %s as failed, and throws what it threw",
  async (code) => {
    await expect(countRun("users", failing(code))).rejects.toMatchObject({ code });

    expect(metrics).toEqual([["RunFailed", 1]]);
  },
);

test.each(["SNAPSHOT_INCOMPLETE", "SNAPSHOT_EMPTY", "SNAPSHOT_SHRUNK", "ROWS_REJECTED"] as const)(
  "counts a run that ends with %s as refused by the guard",
  async (code) => {
    await countRun("users", failing(code)).catch(() => {});

    expect(metrics).toEqual([["GuardRefused", 1]]);
  },
);

test.each(["RUN_IN_PROGRESS", "RUN_TAKEN_OVER", "RUN_OUTDATED"] as const)(
  "counts nothing of a run that ends with %s",
  async (code) => {
    await countRun("users", failing(code)).catch(() => {});

    expect(metrics).toEqual([]);
  },
);
