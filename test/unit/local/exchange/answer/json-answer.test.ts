import { expect, test } from "vitest";
import { type DirectoryObject, toJsonValue, toRecipientValue } from "#local/exchange/answer/json-answer";

const object: DirectoryObject = {
  place: ["a"],
  typeNames: ["User"],
  properties: {
    Name: "Anna",
    IsValid: true,
    Manager: null,
    Guid: { guid: "8a68c198-be28-4a30-83e9-bffb760c65ba" },
    WhenChanged: { dateTime: "2024-04-10T08:56:22Z", local: true },
    SeniorityIndex: { int32: 7 },
    RecipientType: { enum: "UserMailbox", typeName: "RecipientType" },
    SidHistory: { list: [] },
  },
};

test("annotates in front of a property the type that JSON does not have", () => {
  expect(JSON.stringify(toJsonValue(object))).toBe(
    '{"Name":"Anna","IsValid":true,"Manager":null,' +
      '"Guid@data.type":"System.Guid","Guid@odata.type":"#Guid","Guid":"8a68c198-be28-4a30-83e9-bffb760c65ba",' +
      '"WhenChanged@data.type":"System.DateTime","WhenChanged":"2024-04-10T08:56:22.0000000+00:00",' +
      '"SeniorityIndex@data.type":"System.Int32","SeniorityIndex":7,' +
      '"RecipientType":"UserMailbox",' +
      '"SidHistory@odata.type":"#Collection(String)","SidHistory":[]}',
  );
});

test("keeps the selected properties alone, in any letter case", () => {
  expect(toJsonValue(object, ["NAME", "guid", "NoSuchProperty"])).toEqual({
    Name: "Anna",
    "Guid@data.type": "System.Guid",
    "Guid@odata.type": "#Guid",
    Guid: "8a68c198-be28-4a30-83e9-bffb760c65ba",
  });
});

test("keeps fractions of a second", () => {
  const row = toJsonValue({ typeNames: [], place: [], properties: { When: { dateTime: "2024-04-10T08:56:22.5Z" } } });

  expect(row).toMatchObject({ When: "2024-04-10T08:56:22.5000000+00:00" });
});

test("writes a recipient without annotations", () => {
  expect(toRecipientValue(object)).toEqual({
    Name: "Anna",
    IsValid: true,
    Manager: null,
    Guid: "8a68c198-be28-4a30-83e9-bffb760c65ba",
    WhenChanged: "2024-04-10T08:56:22Z",
    SeniorityIndex: 7,
    RecipientType: "UserMailbox",
    SidHistory: [],
  });
});
