import { expect, onTestFinished, vi } from "vitest";
import { sharedClient } from "#exchange/shared-client";
import { generateTenant } from "#local/exchange/tenant/generate";
import { readConfiguration } from "#runtime/configuration";
import { logger } from "#runtime/telemetry";
import { type Changes, startChanges } from "#test/support/changes";
import { eventually } from "#test/support/eventually";
import { onlyChild } from "#test/support/only-child";

/** To a certificate that is not registered; to one beside which the old one counts for a while; to one beside which it does not. */
type Rotation = "refused" | "gradual" | "abrupt";

type Sizes = {
  users: number;
  /** To each of them people are added, one after the other: two lists at a time, as there are functions. */
  groups: number;
  /** So many changes are made at least; more where the rotations take longer. */
  changes: number;
  rotations: readonly Rotation[];
  /** So many more are made after each rotation. */
  changesBetween: number;
  /** Delays every answer of Exchange. */
  delayMs: number;
};

/**
 * Rotates the credential while people are added and users are ingested without a pause: every change is made, at its first
 * attempt, and every run is published.
 */
export async function expectRotationUnderLoad(sizes: Sizes): Promise<void> {
  const { users, rotations } = sizes;
  const tenant = generateTenant({ users, groups: 0, seed: 12 });
  // Tokens this short are asked for with the certificate at every call.
  const changes = await startChanges({ tenant, delayMs: sizes.delayMs, tokenLifeSeconds: 60 });
  onTestFinished(() => changes.stop());
  sharedClient({ ...readConfiguration(), refreshMs: 500 });
  const error = vi.spyOn(logger, "error");
  onTestFinished(() => error.mockRestore());
  const { app, requests } = changes.exchange;
  const groups = Array.from({ length: sizes.groups }, (_, number) => tenant.addGroup({ name: `Group ${number}` }));
  const newcomers = tenant.records.slice(0, users).values();
  const work = { isGoingOn: true };
  const results: Awaited<ReturnType<Changes["request"]>>[] = [];

  const add = async ({ guid }: (typeof groups)[number]) => {
    while (work.isGoingOn || results.length < sizes.changes) {
      const { value: newcomer } = newcomers.next();
      if (!newcomer) throw new Error("Everybody is in a group already: there have to be more users.");
      const fields = { group: guid, members: [newcomer.guid] };
      results.push(await changes.request("add-group-members", fields, { messageGroup: guid }));
    }
  };
  const ingest = async () => {
    const runs = [];
    while (work.isGoingOn) runs.push(await changes.ingestUsers());
    return runs;
  };
  const replaceSecret = async (options = {}) => changes.replaceSecret(JSON.stringify(await app.issueSecret(options)));
  /** Leaves the certificate that was uploaded last. */
  const removeOldCertificates = () => {
    const newest = app.certificates.at(-1);
    app.unregisterAll();
    if (newest) app.register(newest);
  };
  /** Every session that was connected asked for its cmdlets. */
  const signIns = () => requests.filter(({ path, status }) => path.endsWith("/EXOModuleFile") && status === 200);
  const untilMore = (count: number) => {
    const wanted = results.length + count;
    return eventually(() => results.length >= wanted);
  };

  const all = Promise.all([ingest(), ...groups.map(add)]);
  await Promise.race([untilMore(1), all]);
  for (const rotation of rotations) {
    const sessions = signIns().length;
    await replaceSecret({ isRegistered: rotation !== "refused" });
    if (rotation === "refused") {
      await eventually(() => error.mock.calls.length > 0);
      continue;
    }
    if (rotation === "abrupt") removeOldCertificates();
    await eventually(() => signIns().length > sessions);
    removeOldCertificates();
    await untilMore(sizes.changesBetween);
  }
  work.isGoingOn = false;
  const [runs] = await all;

  const published = { status: "published", rows: users, rejected: 0 };
  expect(runs).toEqual(runs.map(() => expect.objectContaining(published)));
  expect(results.map(({ outcome, attempts }) => [outcome, attempts])).toEqual(results.map(() => ["succeeded", 1]));
  const added = groups.flatMap(({ group }) => [...(group?.members ?? [])]);
  expect([added.length, new Set(added).size]).toEqual([results.length, results.length]);
  const made = requests.filter(({ cmdlet, status }) => cmdlet === "Add-DistributionGroupMember" && status === 200);
  expect(made).toHaveLength(results.length);
  const said = rotations.filter((rotation) => rotation === "refused");
  expect(error.mock.calls.map(([text]) => text)).toEqual(
    said.map(() => "Credential version rejected, using an earlier version"),
  );
  await eventually(onlyChild);
}
