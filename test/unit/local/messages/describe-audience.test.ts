import { expect, test } from "vitest";
import { describeAudience } from "#local/messages/describe-result";
import type { AudienceReport } from "#operations/result";

const list = (name: string) => ({ id: name, name, address: null, type: "MailUniversalDistributionGroup" });
const whole: AudienceReport = {
  members: 1_202,
  byType: { MailUniversalDistributionGroup: 2, UserMailbox: 1_200 },
  groups: 3,
  cycles: { count: 0, first: [] },
  unexpanded: { count: 0, first: [] },
  unresolved: { count: 0, first: [] },
  complete: true,
  reason: null,
  readStartedAt: "2026-01-31T09:30:00.000Z",
  readEndedAt: "2026-01-31T09:31:00.000Z",
  manifestKey: "audiences/a/b/manifest.json",
  manifestSha256: "0".repeat(64),
  pages: 1,
};

test("shows how many there are, of which types, and where they are written", () => {
  expect(describeAudience(whole).split("\n")).toEqual([
    "  members    1,202 in 3 lists",
    "  whole      yes",
    "  manifest   audiences/a/b/manifest.json",
    "  pages      1",
    "",
    "type                            members",
    "UserMailbox                       1,200",
    "MailUniversalDistributionGroup        2",
  ]);
});

test("shows why it is not everybody, what is missing, and lists that contain each other", () => {
  const audience: AudienceReport = {
    ...whole,
    members: 0,
    byType: {},
    groups: 1,
    cycles: { count: 1, first: [[list("A"), list("B")]] },
    unexpanded: { count: 2, first: [{ ...list("Team"), type: "GroupMailbox" }] },
    unresolved: { count: 1, first: [{ id: null, foundIn: "A", reason: "is no record" }] },
    complete: false,
    reason: "unresolved",
    manifestKey: null,
  };

  expect(describeAudience(audience).split("\n")).toEqual([
    "  members    0 in 1 list",
    "  whole      no: unresolved",
    "  cycle      A > B > A",
    "  unlisted   Team (GroupMailbox)",
    "  unlisted   and 1 more",
    "  unread     without id, in A: is no record",
  ]);
});
