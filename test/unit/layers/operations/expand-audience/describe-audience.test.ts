import { expect, test } from "vitest";
import type { ExpansionState } from "#directory/expansion";
import { type Audience, beginAudience } from "#operations/expand-audience/audience";
import { describeAudience, describeProgress } from "#operations/expand-audience/describe-audience";

const id = "00000000-0000-4000-8000-000000000001";
const type = "MailUniversalDistributionGroup";
const root = { id, name: "Crew", address: "crew@contoso.com", type };
const team = { ...root, type: "GroupMailbox", foundIn: id };

/** An audience whose one list is read, but for what is said. */
function audienceOf(found: Partial<ExpansionState>): Audience {
  const audience = beginAudience(root);
  return { ...audience, expansion: { ...audience.expansion, readGroups: 1, ...found } };
}

test.each([
  [{ UserMailbox: 1 }, "Crew has 1 person."],
  [{ UserMailbox: 1_200, GuestMailUser: 4, [type]: 1 }, "Crew has 1,204 people and 1 list."],
  [{ MailContact: 1, RoomList: 2 }, "Crew has 0 people, 2 lists and 1 other."],
  [{}, "Nobody is in Crew."],
])("says of %o: %s", (byType, sentence) => {
  const ending = describeAudience(audienceOf({ byType }), { manifest: null });

  expect(ending).toMatchObject({ outcome: "succeeded", userMessage: sentence });
});

test.each([
  [
    "unexpanded",
    { unexpanded: [team] },
    "Teams or dynamic lists in it cannot be listed, and who is in them is missing: 1.",
  ],
  [
    "unresolved",
    { unresolved: { count: 1_000, first: [{ id: null, foundIn: id, reason: "bad" }] } },
    "Members or lists that could not be read: 1,000.",
  ],
  ["unread", { readGroups: 0 }, "There was no time to read every list in it."],
])("calls nobody known to be in a list where something is %s", (reason, found, sentence) => {
  const ending = describeAudience(audienceOf(found), { manifest: null });

  expect(ending).toMatchObject({
    outcome: "partial",
    userMessage: `Nobody was found in Crew. ${sentence}`,
    audience: { complete: false, reason },
  });
});

test("names ten of what is many, and counts them all", () => {
  const groups = Array.from({ length: 12 }, () => ({ ...root, foundIn: null, contains: [id] }));
  const first = Array.from({ length: 12 }, () => ({ id, foundIn: id, reason: "gone" }));
  const unexpanded = Array.from({ length: 12 }, () => team);

  const { audience } = describeAudience(
    audienceOf({ groups, readGroups: 12, unexpanded, unresolved: { count: 30, first } }),
    { manifest: null },
  );

  expect(audience?.unexpanded).toMatchObject({ count: 12, first: { length: 10 } });
  expect(audience?.unresolved).toMatchObject({ count: 30, first: { length: 10 } });
});

test.each([
  [1, 1, "Crew: 1 member so far."],
  [2_000, 2, "Crew: 2,000 members so far, 1 more list to read."],
  [2_000, 4, "Crew: 2,000 members so far, 3 more lists to read."],
])("says how far it is with %d members found in %d lists", (members, lists, sentence) => {
  const groups = Array.from({ length: lists }, () => ({ ...root, foundIn: null, contains: [] }));

  const notice = describeProgress(audienceOf({ groups, byType: { UserMailbox: members } }));

  expect(notice).toMatchObject({ outcome: "pending", userMessage: sentence, audience: { manifestKey: null } });
});
