import { expect, test } from "vitest";
import { describeAnswer } from "#local/answers";
import type { GroupOwners } from "#lookups/find-group-owners";
import type { AccessAnswer, MemberList } from "#lookups/list-group-members";
import type { Refusal } from "#lookups/look-up";

const asOf = "2026-01-31T10:00:00.000Z";
const live = { source: "live", asOf } as const;
const id = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`;
const crew = { id: id(1), name: "Crew", address: "crew@contoso.com", type: "MailUniversalDistributionGroup" };
const berlin = { id: id(2), name: "Berlin", address: "berlin@contoso.com", type: "MailUniversalDistributionGroup" };
const bo = { id: id(3), name: "Bo Berg", address: "bo@contoso.com", type: "UserMailbox" };

const list: MemberList = {
  status: "found",
  userMessage: "Crew has 1 person and 1 list.",
  group: crew,
  scope: "all",
  count: 2,
  complete: false,
  reason: "unexpanded",
  members: [
    { ...berlin, path: [] },
    { ...bo, path: [{ id: berlin.id, name: "Berlin" }] },
  ],
  cycles: [[crew, berlin].map(({ type: _, ...named }) => named)],
  unexpanded: [{ id: id(4), name: "Blue", address: null, type: "GroupMailbox", foundIn: crew.id }],
  unresolved: { count: 1, first: [{ id: null, foundIn: crew.id, reason: "no type" }] },
  ...live,
};

test("shows members as a table with the lists between, and what is missing", () => {
  expect(describeAnswer("list-group-members", list).split("\n")).toEqual([
    "Crew has 1 person and 1 list.",
    "  members   2, in lists in it too",
    "  whole     no: unexpanded",
    "  cycle     Crew > Berlin > Crew",
    "  unlisted  Blue (GroupMailbox)",
    "  unread    without id: no type",
    `  as of     ${asOf}`,
    "",
    "name     address             type                            through",
    "Berlin   berlin@contoso.com  MailUniversalDistributionGroup",
    "Bo Berg  bo@contoso.com      UserMailbox                     Berlin",
  ]);
});

test("shows where members lie that are not in the answer", () => {
  const { members: _, ...rest } = list;
  const stored = { ...rest, membersKey: "answers/some.json.gz", membersBytes: 9, membersSha256: "0" };

  expect(describeAnswer("list-group-members", stored)).toContain("\n  lies in   answers/some.json.gz\n");
});

test("shows the way to a member", () => {
  const userMessage = "Bo Berg is in Crew, through Berlin.";
  const access: AccessAnswer = {
    status: "found",
    group: crew,
    member: bo,
    isMember: true,
    how: "nested",
    path: [berlin],
    userMessage,
    ...live,
  };

  expect(describeAnswer("list-group-members", access).split("\n")).toEqual([
    `yes: ${userMessage}`,
    "  Crew (crew@contoso.com)",
    "    Berlin (berlin@contoso.com)",
    "      Bo Berg (bo@contoso.com)",
    `  as of ${asOf}`,
  ]);
});

test("says no of somebody who is no member", () => {
  const userMessage = "Bo Berg is not in Crew.";
  const access: AccessAnswer = {
    status: "found",
    group: crew,
    member: bo,
    isMember: false,
    how: null,
    path: [],
    userMessage,
    ...live,
  };

  expect(describeAnswer("list-group-members", access).split("\n")).toEqual([`no: ${userMessage}`, `  as of ${asOf}`]);
});

const owners: GroupOwners = {
  status: "found",
  group: crew,
  joinRestriction: "ApprovalRequired",
  departRestriction: null,
  isApprovalNeeded: true,
  owners: [
    { kind: "person", ...bo, isEnabled: true, through: berlin },
    { kind: "person", ...bo, id: id(5), name: "Dora", address: null, isEnabled: false, through: null },
  ],
  owningGroups: [{ ...berlin, complete: false, reason: "limit" }],
  unusable: [{ owner: "Managers", reason: "roleGroup", explanation: "Some.", found: null, candidates: [] }],
  hasUsableOwner: true,
  userMessage: "Crew is owned by Bo Berg.",
  ...live,
};

test("shows owners with their accounts, and those in whose place nobody can be asked", () => {
  const unusable = [{ ...owners.unusable[0], candidates: [{ name: "Bo Berg", address: "bo@contoso.com", type: "x" }] }];

  expect(describeAnswer("find-group-owners", { ...owners, unusable }).split("\n")).toEqual([
    "Crew is owned by Bo Berg.",
    "  to join       ApprovalRequired",
    "  to leave      not known",
    "  usable owner  yes",
    "  not all of    Berlin: limit",
    `  as of         ${asOf}`,
    "",
    "owner    address         account   through",
    "Bo Berg  bo@contoso.com  enabled   Berlin",
    "Dora                     disabled",
    "",
    "not usable  why        may be",
    "Managers    roleGroup  bo@contoso.com",
  ]);
});

test.each(["list-group-members", "find-group-owners"])("shows what may have been meant, of %s", (name) => {
  const refusal: Refusal = {
    status: "ambiguous",
    about: "group",
    userMessage: '"Crew" fits several lists.',
    group: null,
    candidates: [{ name: "Crew", address: "crew@contoso.com", type: "RoomList" }],
    ...live,
  };

  expect(describeAnswer(name, refusal).split("\n")).toEqual([
    'ambiguous: "Crew" fits several lists.',
    "",
    "name  address           type",
    "Crew  crew@contoso.com  RoomList",
  ]);
});
