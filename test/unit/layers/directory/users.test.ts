import { afterEach, expect, test } from "vitest";
import type { Reading } from "#directory/listing";
import type { User } from "#directory/records";
import { listUsers, nameUserSettings, type UserSettings } from "#directory/users";
import { createExchangeClient } from "#exchange/client";
import type { Row } from "#powershell/frames";
import { deadlineIn } from "#runtime/deadline";
import { guardMs } from "#test/support/eventually";
import { credential, scriptExchange } from "#test/support/script-exchange";

const id = "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
const entraId = "9b8a7c6d-1234-4abc-9def-0123456789ab";
const zeros = "00000000-0000-0000-0000-000000000000";

const recipientRow: Row = {
  ExchangeObjectId: id,
  Guid: id,
  ExternalDirectoryObjectId: entraId,
  RecipientTypeDetails: "UserMailbox",
  WindowsLiveID: "anna.obrien@contoso.com",
  PrimarySmtpAddress: "Anna.OBrien@contoso.com",
  EmailAddresses: [
    "SIP:anna.obrien@contoso.com",
    "SMTP:Anna.OBrien@contoso.com",
    "smtp:anna@contoso.com",
    "smtp:aobrien@contoso.onmicrosoft.com",
    "X500:/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=anna-o@x",
    "SPO:SPO_1111@SPO_2222",
  ],
  DisplayName: `Anna "Ann" O'Brien`,
  FirstName: "Anna",
  LastName: "O'Brien",
  Name: entraId,
  Department: "Research & Development",
  Title: "Engineer",
  Manager: "7d6c5b4a-0000-4000-8000-000000000001",
  Company: "Contoso",
  Office: "B/2",
  Phone: "+49 30 1234",
  HiddenFromAddressListsEnabled: false,
  WhenChangedUTC: "2024-04-10T08:56:22.1234567Z",
  WhenCreatedUTC: "2019-01-02T03:04:05.0000000Z",
};

const accountRow: Row = {
  ExchangeObjectId: id,
  Guid: id,
  ExternalDirectoryObjectId: entraId,
  RecipientTypeDetails: "UserMailbox",
  UserPrincipalName: "anna.obrien@contoso.com",
  WindowsEmailAddress: "Anna.OBrien@contoso.com",
  DisplayName: "Anna O'Brien",
  FirstName: "Anna",
  LastName: "O'Brien",
  Name: entraId,
  Department: "Research & Development",
  Title: "Engineer",
  Manager: "John Smith",
  Company: "Contoso",
  Office: "B/2",
  Phone: "+49 30 1234",
  MobilePhone: "+49 170 1234",
  WhenChangedUTC: "2024-04-10T08:56:22.0000000",
  WhenCreatedUTC: "2019-01-02T03:04:05+02:00",
};

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function read(rows: Row[], settings: Partial<UserSettings> = {}) {
  const exchange = scriptExchange({ calls: [{ rows: [rows] }] });
  const client = createExchangeClient({
    ...exchange,
    environmentName: "O365Default",
    readCredential: async () => credential,
  });
  ends.push(() => client.close());
  const options = { deadline: deadlineIn(guardMs) };
  const readings = await Array.fromAsync(
    listUsers(client, { source: "recipients", include: [], ...settings }).list({ resultSize: "Unlimited" }, options),
  );
  return { readings, call: exchange.invokes()[0] };
}

async function readRecord(row: Row, source: UserSettings["source"] = "recipients") {
  const { readings } = await read([row], { source });
  const [reading] = readings;
  return reading?.ok ? reading.record : reading;
}

test("maps a row of Get-EXORecipient", async () => {
  const { readings } = await read([recipientRow]);

  expect(readings).toEqual<Reading<User>[]>([
    {
      ok: true,
      id,
      type: "UserMailbox",
      name: entraId,
      record: {
        id,
        entraId,
        userPrincipalName: "anna.obrien@contoso.com",
        primaryAddress: "Anna.OBrien@contoso.com",
        otherAddresses: ["anna@contoso.com", "aobrien@contoso.onmicrosoft.com"],
        displayName: `Anna "Ann" O'Brien`,
        firstName: "Anna",
        lastName: "O'Brien",
        name: entraId,
        department: "Research & Development",
        title: "Engineer",
        manager: "7d6c5b4a-0000-4000-8000-000000000001",
        company: "Contoso",
        office: "B/2",
        phones: { business: "+49 30 1234" },
        recipientType: "UserMailbox",
        isHidden: false,
        changedAt: "2024-04-10T08:56:22.123Z",
        createdAt: "2019-01-02T03:04:05.000Z",
      },
    },
  ]);
});

test("maps a row of Get-User, without what that cmdlet cannot know", async () => {
  const record = await readRecord(accountRow, "users");

  expect(record).toEqual({
    id,
    entraId,
    userPrincipalName: "anna.obrien@contoso.com",
    primaryAddress: "Anna.OBrien@contoso.com",
    displayName: "Anna O'Brien",
    firstName: "Anna",
    lastName: "O'Brien",
    name: entraId,
    department: "Research & Development",
    title: "Engineer",
    manager: "John Smith",
    company: "Contoso",
    office: "B/2",
    phones: { business: "+49 30 1234", mobile: "+49 170 1234" },
    recipientType: "UserMailbox",
    changedAt: "2024-04-10T08:56:22.000Z",
    createdAt: "2019-01-02T01:04:05.000Z",
  });
  expect(record).not.toHaveProperty("otherAddresses");
  expect(record).not.toHaveProperty("isHidden");
});

const emptyTexts = {
  DisplayName: "",
  FirstName: null,
  LastName: " ",
  Department: "",
  Title: "",
  Manager: null,
  Company: "",
  Office: "",
  Phone: "",
};
const noTexts = {
  displayName: null,
  firstName: null,
  lastName: null,
  department: null,
  title: null,
  manager: null,
  company: null,
  office: null,
};

test("writes null for what Get-EXORecipient says is empty, and an empty list for no addresses", async () => {
  const row = { ...recipientRow, ...emptyTexts, WindowsLiveID: "", PrimarySmtpAddress: "", EmailAddresses: [] };

  const record = await readRecord({ ...row, HiddenFromAddressListsEnabled: null, WhenChangedUTC: null });

  expect(record).toMatchObject({
    ...noTexts,
    userPrincipalName: null,
    primaryAddress: null,
    otherAddresses: [],
    phones: { business: null },
    isHidden: null,
    changedAt: null,
  });
});

test("takes a list that is null for an empty one", async () => {
  expect(await readRecord({ ...recipientRow, EmailAddresses: null })).toMatchObject({ otherAddresses: [] });
});

test("writes null for what Get-User says is empty, such as the address of somebody without a mailbox", async () => {
  const row = {
    ...accountRow,
    ...emptyTexts,
    RecipientTypeDetails: "DisabledUser",
    WindowsEmailAddress: "",
    MobilePhone: "",
  };

  expect(await readRecord(row, "users")).toMatchObject({
    ...noTexts,
    primaryAddress: null,
    phones: { business: null, mobile: null },
    recipientType: "DisabledUser",
  });
});

test.each(["recipients", "users"] as const)("leaves out what a row of %s does not have", async (source) => {
  const record = await readRecord({ Guid: id, RecipientTypeDetails: "MailUser" }, source);

  expect(record).toEqual({ id, recipientType: "MailUser" });
});

test.each(["", null, undefined])("leaves the Entra id out where Exchange gives %j for it", async (none) => {
  const { ExternalDirectoryObjectId: _, ...without } = recipientRow;
  const row = none === undefined ? without : { ...without, ExternalDirectoryObjectId: none };

  const record = await readRecord(row);

  expect(record).toMatchObject({ id });
  expect(record).not.toHaveProperty("entraId");
});

test("writes ids in lower case", async () => {
  const row = { ...recipientRow, ExchangeObjectId: id.toUpperCase(), ExternalDirectoryObjectId: entraId.toUpperCase() };

  expect(await readRecord(row)).toMatchObject({ id, entraId });
});

test("takes Guid for the id where ExchangeObjectId is missing or zeros", async () => {
  expect(await readRecord({ ...recipientRow, ExchangeObjectId: zeros })).toMatchObject({ id });
});

test.each([
  ["right-to-left", "יעל כהן", "شركة النور"],
  ["marks and emoji", "\u202eannA\u202c 🧑‍🚀", "R&D\u00a0🚀"],
  ["line breaks and quotes", 'first\nsecond "x" `y` $(z)', "[a]*;"],
])("keeps text with %s as it is", async (_, displayName, department) => {
  const record = await readRecord({ ...recipientRow, DisplayName: displayName, Department: department });

  expect(record).toMatchObject({ displayName, department });
});

test.each([
  ["no id at all", { ExchangeObjectId: zeros, Guid: null }, undefined, /^id: /],
  ["an Entra id that is none", { ExternalDirectoryObjectId: "User_1" }, id, /^entraId: /],
  ["no type", { RecipientTypeDetails: null }, id, /^RecipientTypeDetails: /],
  ["an empty type", { RecipientTypeDetails: "" }, id, /^recipientType: /],
  ["a time that is none", { WhenChangedUTC: "2024-02-30T00:00:00Z" }, id, /^WhenChangedUTC: /],
  ["one text in place of a list", { EmailAddresses: "SMTP:anna@contoso.com" }, id, /^EmailAddresses: /],
])("rejects a row with %s by its id, without its values", async (_, changes, expectedId, reason) => {
  const { readings } = await read([{ ...recipientRow, ...changes }, { ...recipientRow }]);

  expect(readings[0]).toEqual({ ok: false, id: expectedId, reason: expect.stringMatching(reason) });
  expect(JSON.stringify(readings[0])).not.toMatch(/anna|User_1/i);
  expect(readings[1]).toMatchObject({ ok: true, id });
});

const people = ["UserMailbox", "LinkedMailbox", "LegacyMailbox", "MailUser", "GuestMailUser", "RemoteUserMailbox"];

test.each([
  ["recipients", "Get-EXORecipient", people],
  ["users", "Get-User", ["User", "DisabledUser", "LinkedUser", ...people]],
] as const)("asks Exchange for people alone, all of them, from %s", async (source, cmdlet, types) => {
  const { call } = await read([], { source });

  expect(call).toMatchObject({ cmdlet, parameters: { ResultSize: "Unlimited" } });
  expect(call?.parameters).toHaveProperty("RecipientTypeDetails", types);
  expect(call?.parameters).not.toHaveProperty("Filter");
});

test.each([
  ["recipients", "shared", ["SharedMailbox", "RemoteSharedMailbox", "SchedulingMailbox"]],
  ["recipients", "rooms", ["RoomMailbox", "LinkedRoomMailbox", "RemoteRoomMailbox"]],
  ["recipients", "equipment", ["EquipmentMailbox", "RemoteEquipmentMailbox"]],
  ["users", "shared", ["SharedMailbox", "RemoteSharedMailbox", "SchedulingMailbox"]],
  ["users", "rooms", ["RoomMailbox", "RemoteRoomMailbox"]],
  ["users", "equipment", ["EquipmentMailbox", "RemoteEquipmentMailbox"]],
] as const)("asks %s for %s too where they are chosen", async (source, kind, types) => {
  const { call } = await read([], { source, include: [kind, kind] });

  const asked = call?.parameters.RecipientTypeDetails as string[];
  expect(asked.slice(-types.length)).toEqual(types);
  expect(new Set(asked).size).toBe(asked.length);
});

test.each([
  [{ source: "recipients", include: [] }, "recipients"],
  [{ source: "users", include: ["shared", "rooms", "shared"] }, "users+rooms+shared"],
] as const)("names %j as %s", (settings, name) => {
  expect(nameUserSettings(settings)).toBe(name);
});
