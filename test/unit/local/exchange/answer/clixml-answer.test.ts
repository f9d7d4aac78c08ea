import { expect, test } from "vitest";
import { toCliXml } from "#local/exchange/answer/clixml-answer";
import type { DirectoryObject } from "#local/exchange/answer/json-answer";

const typeNames = ["Deserialized.User", "Deserialized.System.Object"];

const object: DirectoryObject = {
  typeNames,
  place: ["a"],
  properties: {
    Identity: "a & b",
    Hidden: false,
    Manager: null,
    Guid: { guid: "8a68c198-be28-4a30-83e9-bffb760c65ba" },
    WhenChanged: { dateTime: "2024-04-10T08:56:22Z", local: true },
    WhenChangedUTC: { dateTime: "2024-04-10T08:56:22Z" },
    SeniorityIndex: { int32: 7 },
    RecipientTypeDetails: { enum: "UserMailbox", typeName: "RecipientTypeDetails" },
    EmailAddresses: { list: ["SMTP:a@b.com", "smtp:c@d.com"] },
    SidHistory: { list: [] },
  },
};

test("writes each type as its own element", () => {
  const xml = toCliXml([object]);

  expect(xml).toContain('<S N="Identity">a &amp; b</S>');
  expect(xml).toContain('<B N="Hidden">false</B>');
  expect(xml).toContain('<Nil N="Manager" />');
  expect(xml).toContain('<G N="Guid">8a68c198-be28-4a30-83e9-bffb760c65ba</G>');
  expect(xml).toContain('<DT N="WhenChanged">2024-04-10T08:56:22+00:00</DT>');
  expect(xml).toContain('<DT N="WhenChangedUTC">2024-04-10T08:56:22Z</DT>');
  expect(xml).toContain('<I32 N="SeniorityIndex">7</I32>');
  expect(xml).toContain('<S N="RecipientTypeDetails">UserMailbox</S>');
  expect(xml).toContain("<LST><S>SMTP:a@b.com</S><S>smtp:c@d.com</S></LST></Obj>");
});

test("holds the objects in one list, with their identity as text", () => {
  const xml = toCliXml([object, object]);

  expect(xml).toMatch(
    /^<Objs Version="1\.1\.0\.1" xmlns="[^"]+"><Obj RefId="0"><TN RefId="0">.*?<\/TN><LST><Obj RefId="1">.*<\/Obj><\/LST><\/Obj><\/Objs>$/,
  );
  expect(xml.match(/<ToString>a &amp; b<\/ToString><Props>/g)).toHaveLength(2);
});

test("numbers every object once and writes type names once", () => {
  const xml = toCliXml([object, object]);

  const ids = [...xml.matchAll(/<Obj[^>]* RefId="(\d+)"/g)].map((match) => Number(match[1]));
  expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(xml.match(/<T>Deserialized\.User<\/T>/g)).toHaveLength(1);
  expect(xml).toContain('<Obj RefId="4"><TNRef RefId="1" />');
});

test("writes an empty list for no objects", () => {
  expect(toCliXml([])).toContain("<LST></LST></Obj></Objs>");
});

test("leaves out what is not selected", () => {
  const xml = toCliXml([object], ["guid", "Identity"]);

  expect([...xml.matchAll(/ N="(\w+)"/g)].map((match) => match[1])).toEqual(["Identity", "Guid"]);
});
