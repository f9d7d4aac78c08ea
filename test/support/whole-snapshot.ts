import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import type { SnapshotKind } from "#snapshots/layout";
import { manifestSchema } from "#snapshots/manifest";
import type { openSnapshots } from "#test/support/storage";

/** Expects every page of the published snapshot, if there is one, to be there as its hash says; answers when it was read. */
export function expectWholeSnapshot(
  snapshots: Pick<ReturnType<typeof openSnapshots>, "read" | "readLatest">,
  kind: SnapshotKind = "users",
): string {
  const published = snapshots.readLatest(kind)?.published;
  if (!published) return "";
  const text = snapshots.read(published.manifestKey);
  expect(sha256(text)).toBe(published.manifestSha256);
  const manifest = manifestSchema.parse(JSON.parse(text.toString("utf8")));
  expect(manifest.runId).toBe(published.runId);
  let rows = 0;
  for (const page of manifest.pages) {
    const body = snapshots.read(page.key);
    expect(sha256(body)).toBe(page.sha256);
    rows += gunzipSync(body).toString("utf8").split("\n").length - 1;
  }
  expect(rows).toBe(published.rows);
  if (manifest.changes) expect(sha256(snapshots.read(manifest.changes.key))).toBe(manifest.changes.sha256);
  return published.readStartedAt;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
