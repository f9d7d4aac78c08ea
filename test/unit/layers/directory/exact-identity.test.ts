import fc from "fast-check";
import { expect, test } from "vitest";
import type { IdentifiedRow } from "#directory/identity";
import { resolveAnybody } from "#directory/recipients";
import { identifyGroup } from "#directory/resolve-group";
import type { ExchangeReader } from "#exchange/client";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";

const list = "MailUniversalDistributionGroup";
const options = { deadline: deadlineIn(600_000) };

function rowOf(number: number, fields: Partial<IdentifiedRow> = {}): IdentifiedRow {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  return {
    ExchangeObjectId: id,
    Guid: id,
    RecipientTypeDetails: "UserMailbox",
    DistinguishedName: `CN=object ${number},DC=contoso,DC=com`,
    PrimarySmtpAddress: `object${number}@contoso.com`,
    WindowsLiveID: `sign-in${number}@contoso.com`,
    EmailAddresses: [`SMTP:object${number}@contoso.com`, `smtp:other${number}@contoso.com`],
    DisplayName: `Object ${number}`,
    Name: `object ${number}`,
    Alias: `object${number}`,
    ...fields,
  };
}

/** An Exchange that looks for an identity among names of every kind, and takes `*` for any text, as the real one may. */
function readerOf(rows: readonly IdentifiedRow[]): ExchangeReader {
  async function* read(
    { name }: { name: string },
    { Identity = "", RecipientTypeDetails: types }: { Identity?: string; RecipientTypeDetails?: string[] },
  ) {
    if (name === "Get-User") throw new ExchangeError("OBJECT_NOT_FOUND", "There is no such account.");
    const found = rows
      .filter(({ RecipientTypeDetails: type }) => types?.includes(type) ?? true)
      .filter((row) => namesOf(row).some((text) => isLike(Identity, text)));
    if (found.length === 0) throw new ExchangeError("OBJECT_NOT_FOUND", "There is no such object.");
    if (found.length > 1 && !Identity.includes("*")) throw new ExchangeError("OBJECT_AMBIGUOUS", "There are several.");
    for (const row of found) yield { ok: true, row } as const;
  }
  return { read } as unknown as ExchangeReader;
}

test("suggests of accounts those alone that are in no address list they could be hidden from", async () => {
  const rows = [
    { ...rowOf(1, { DisplayName: "Henrik Hansen" }), UserPrincipalName: "henrik1@contoso.com" },
    { ...rowOf(2, { DisplayName: "Henrik Hansen", RecipientTypeDetails: "User" }), WindowsEmailAddress: "" },
  ];
  async function* read({ name }: { name: string }) {
    if (name !== "Get-User") throw new ExchangeError("OBJECT_NOT_FOUND", "There is no such recipient.");
    for (const row of rows) yield { ok: true, row } as const;
  }

  const resolved = await resolveAnybody({ read } as unknown as ExchangeReader, "Henrik Hansen", options);

  expect(resolved).toEqual({ suggested: expect.objectContaining({ type: "User" }) });
});

function namesOf(row: IdentifiedRow): string[] {
  const { ExchangeObjectId, DistinguishedName, PrimarySmtpAddress, WindowsLiveID, DisplayName, Name, Alias } = row;
  const addresses = (row.EmailAddresses ?? []).flatMap((address) => [address, address.slice(5)]);
  const texts = [ExchangeObjectId, DistinguishedName, PrimarySmtpAddress, WindowsLiveID, DisplayName, Name, Alias];
  return [...texts, ...addresses].flatMap((text) => text ?? []);
}

function isLike(identity: string, text: string): boolean {
  const [asked, has] = [identity.toLowerCase(), text.toLowerCase()];
  return asked.endsWith("*") ? has.startsWith(asked.slice(0, -1)) : has === asked;
}

/** Every text that is surely meant as this object. */
const ownTexts: ((row: IdentifiedRow) => string)[] = [
  (row) => row.PrimarySmtpAddress ?? "",
  (row) => row.WindowsLiveID ?? "",
  (row) => (row.EmailAddresses?.[1] ?? "").slice(5),
  (row) => `smtp:${row.PrimarySmtpAddress}`,
  (row) => `SMTP:${row.PrimarySmtpAddress}`,
  (row) => row.Guid ?? "",
  (row) => `{${row.Guid?.toUpperCase()}}`,
  (row) => row.DistinguishedName ?? "",
];

const person = rowOf(1);
const crew = rowOf(2, { RecipientTypeDetails: list });

/** Lists that are called, or shown, like somebody else's address, id or distinguished name. */
const lists = fc.array(
  fc.record({ text: fc.constantFrom(...ownTexts), victim: fc.constantFrom(person, crew), isShown: fc.boolean() }),
  { minLength: 1, maxLength: 4 },
);

test("finds the true holder alone of an address, an id or a distinguished name, whatever lists are called", async () => {
  await fc.assert(
    fc.asyncProperty(lists, fc.constantFrom(...ownTexts), async (named, text) => {
      const misleading = named.map(({ text: of, victim, isShown }, index) =>
        rowOf(10 + index, { RecipientTypeDetails: list, [isShown ? "DisplayName" : "Name"]: of(victim) }),
      );
      const reader = readerOf([...misleading, person, crew]);

      expect(await resolveAnybody(reader, text(person), options)).toMatchObject({ found: { id: person.Guid } });
      expect(await identifyGroup(reader, text(crew), options)).toMatchObject({ found: { id: crew.Guid } });
      // A person who is asked for as a list is found, and told to be no list.
      expect(await identifyGroup(reader, text(person), options)).toMatchObject({ found: { id: person.Guid } });
    }),
  );
});

test("finds nobody for an address, an id or a distinguished name that nobody has, and suggests nobody", async () => {
  await fc.assert(
    fc.asyncProperty(lists, fc.constantFrom(...ownTexts), async (named, text) => {
      const gone = rowOf(99);
      const misleading = named.map(({ isShown }, index) =>
        rowOf(10 + index, { RecipientTypeDetails: list, [isShown ? "DisplayName" : "Name"]: text(gone) }),
      );
      const reader = readerOf([...misleading, person, crew]);

      for (const resolution of [
        await resolveAnybody(reader, text(gone), options),
        await identifyGroup(reader, text(gone), options),
      ]) {
        expect([{ notFound: true }, { ambiguous: [] }]).toContainEqual(resolution);
      }
    }),
  );
});

test.each(["*", "obj*", "object*", "*@contoso.com"])(
  "takes %s for no identity, and suggests nobody",
  async (pattern) => {
    const reader = readerOf([person, crew]);

    expect(await resolveAnybody(reader, pattern, options)).toEqual({ notFound: true });
    expect(await identifyGroup(reader, pattern, options)).toEqual({ notFound: true });
  },
);
