import { expect, test } from "vitest";
import { objectId, parseGuid } from "#exchange/values";

const one = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const other = "11111111-2222-3333-4444-555555555555";
const zeros = "00000000-0000-0000-0000-000000000000";

test("takes ExchangeObjectId before Guid, in lower case", () => {
  expect(objectId({ ExchangeObjectId: one.toUpperCase(), Guid: other })).toBe(one);
});

test.each([undefined, null, "", zeros])("takes Guid where ExchangeObjectId is %j", (none) => {
  expect(objectId({ ExchangeObjectId: none, Guid: other })).toBe(other);
});

test.each([undefined, null, "", zeros, "Anna", `{${one}}`, 7])("knows no id in %j", (value) => {
  expect(parseGuid(value)).toBeUndefined();
});
