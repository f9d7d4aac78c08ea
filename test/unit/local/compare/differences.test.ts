import { expect, test } from "vitest";
import { findDifferences } from "#local/compare/differences";

test("finds nothing in two observations that are the same", () => {
  const observation = () => ({
    first: { answer: { rows: 3, changes: undefined } },
    tenant: { Anna: { title: "Chief" } },
  });

  expect(findDifferences(observation(), observation())).toEqual([]);
});

test("names the place of what is not the same", () => {
  const standIn = { first: { failure: { code: "SIGN_IN_REFUSED", retryable: false } }, bucket: {} };
  const module = { first: { failure: { code: "SIGN_IN_FAILED", retryable: true } }, bucket: {} };

  expect(findDifferences(standIn, module)).toEqual([
    { what: "first > failure > code", standIn: "SIGN_IN_REFUSED", module: "SIGN_IN_FAILED", isWording: false },
    { what: "first > failure > retryable", standIn: "false", module: "true", isWording: false },
  ]);
});

test("tells what only one side has", () => {
  const differences = findDifferences({ a: { answer: { rows: 1 } } }, { a: { failure: { code: "UNEXPECTED" } } });

  expect(differences.map(({ what, standIn, module }) => [what, standIn, module])).toEqual([
    ["a > answer", '{"rows":1}', "(none)"],
    ["a > failure", "(none)", '{"code":"UNEXPECTED"}'],
  ]);
});

test("does not count how an error is worded, but counts that there is none", () => {
  const worded = findDifferences({ error: { message: "one" } }, { error: { message: "another" } });
  const missing = findDifferences({ error: { message: "one" } }, { error: {} });

  expect(worded).toMatchObject([{ what: "error > message", isWording: true }]);
  expect(missing).toMatchObject([{ what: "error > message", isWording: false }]);
});

test("tells of lists of different lengths once, with what only one of them has", () => {
  expect(findDifferences({ members: ["Anna", "Bert"] }, { members: ["Anna"] })).toEqual([
    { what: "members", standIn: '2 entries, among them ["Bert"]', module: "1 entries", isWording: false },
  ]);
});

test("compares lists of one length entry by entry, in their order", () => {
  expect(findDifferences({ rows: [{ id: 1 }, { id: 2 }] }, { rows: [{ id: 1 }, { id: 3 }] })).toEqual([
    { what: "rows > 2 > id", standIn: "2", module: "3", isWording: false },
  ]);
});

test("cuts long texts to one line from where they part", () => {
  const begin = `one\n${"x".repeat(200)}`;
  const [texts] = findDifferences({ a: `${begin} here` }, { a: `${begin} there, and ${"y".repeat(200)}` });
  const [long] = findDifferences({ a: begin }, { a: null });

  expect(texts?.standIn).toMatch(/^…x{19} here$/);
  expect(texts?.module).toMatch(/^…x{19} there, and y+…$/);
  expect(texts?.module).toHaveLength(100);
  expect(long).toMatchObject({ standIn: expect.stringMatching(/^one x+…$/), module: "null" });
});
