import { type ErrorCode, toExchangeError } from "#runtime/errors";
import { recordMetric } from "#runtime/telemetry";
import type { SnapshotKind } from "#snapshots/layout";

type Counted = { status: string; rows: number };

const publishedMetrics = { users: "UsersPublished", groups: "GroupsPublished" } as const;

/** What was read was not published, because it did not look whole. */
const guardCodes: ReadonlySet<ErrorCode> = new Set([
  "SNAPSHOT_INCOMPLETE",
  "SNAPSHOT_EMPTY",
  "SNAPSHOT_SHRUNK",
  "ROWS_REJECTED",
]);

/** Another run is at it, or has done it. */
const overtakenCodes: ReadonlySet<ErrorCode> = new Set(["RUN_IN_PROGRESS", "RUN_TAKEN_OVER", "RUN_OUTDATED"]);

/** Counts for CloudWatch how a run ends. A failure that another run makes good counts as none. */
export async function countRun<Answer extends Counted>(
  kind: SnapshotKind,
  run: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await run();
    if (answer.status === "published") recordMetric(publishedMetrics[kind], answer.rows);
    return answer;
  } catch (error) {
    const { code } = toExchangeError(error);
    if (guardCodes.has(code)) recordMetric("GuardRefused", 1);
    else if (!overtakenCodes.has(code)) recordMetric("RunFailed", 1);
    throw error;
  }
}
