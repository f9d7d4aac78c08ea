import { afterEach, expect, test } from "vitest";
import { findAccess } from "#directory/membership";
import type { Recipient } from "#directory/recipients";
import type { Row } from "#powershell/frames";
import type { CallStep } from "#test/support/script-exchange";
import { rowsOf, startScriptedClient } from "#test/unit/layers/directory/scripted-client";

const page = 1_000;
const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const dnOf = (name: string) => `CN=${name},OU=contoso.onmicrosoft.com,DC=PROD,DC=OUTLOOK,DC=COM`;
const bo: Recipient = { id: idOf(1), dn: dnOf("bo"), recipientType: "UserMailbox" };
const crew: Recipient = { id: idOf(2), dn: dnOf("crew"), recipientType: "MailUniversalDistributionGroup" };

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function rowOf(number: number): Row {
  return {
    ExchangeObjectId: idOf(number),
    Guid: idOf(number),
    DistinguishedName: dnOf(`list-${number}`),
    RecipientTypeDetails: "MailUniversalDistributionGroup",
    Name: `list-${number}`,
  };
}

const rowsFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => rowOf(first + index));

function ask(...calls: CallStep[]) {
  const scripted = startScriptedClient(...calls);
  ends.push(scripted.stop);
  const access = findAccess(scripted.client, { group: crew, member: bo }, scripted.options);
  const filters = () => scripted.exchange.invokes().map(({ parameters }) => parameters.Filter);
  return { access, filters };
}

test("does not say no where an answer is as long as it can be", async () => {
  const { access } = ask(rowsOf(...rowsFrom(10, page)), rowsOf());

  await expect(access).rejects.toMatchObject({ code: "ANSWER_TRUNCATED" });
});

test("says yes from an answer that may lack some", async () => {
  const { access } = ask(rowsOf(...rowsFrom(10, page - 1), { ...rowOf(2), DistinguishedName: crew.dn }));

  await expect(access).resolves.toEqual({ how: "direct", path: [] });
});

test("asks for fewer at once where an answer for several is as long as it can be", async () => {
  const { access, filters } = ask(rowsOf(rowOf(3), rowOf(4)), rowsOf(...rowsFrom(10, page)), rowsOf());

  await expect(access).resolves.toEqual({ how: null, path: [] });
  expect(filters()).toEqual([
    `Members -eq '${bo.dn}'`,
    `Members -eq '${dnOf("list-3")}' -or Members -eq '${dnOf("list-4")}'`,
    `Members -eq '${dnOf("list-3")}'`,
    `Members -eq '${dnOf("list-4")}'`,
  ]);
});

test("asks which of several is in the upper list, for these alone", async () => {
  const { access, filters } = ask(rowsOf(rowOf(3), rowOf(4)), rowsOf(rowOf(2)), rowsOf(rowOf(4)));

  await expect(access).resolves.toMatchObject({ how: "nested", path: [{ id: idOf(4) }] });
  expect(filters().at(-1)).toBe(
    `MemberOfGroup -eq '${crew.dn}' -and (Guid -eq '${idOf(3)}' -or Guid -eq '${idOf(4)}')`,
  );
});

test("says that it changed meanwhile where none of them is in it any more", async () => {
  const { access } = ask(rowsOf(rowOf(3), rowOf(4)), rowsOf(rowOf(2)), rowsOf());

  await expect(access).rejects.toMatchObject({ code: "EXCHANGE_TRANSIENT", retryable: true });
});
