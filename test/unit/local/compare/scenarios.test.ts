import { expect, test } from "vitest";
import { listFunctions } from "#image/bundle-functions";
import { nameSelection, scenarios, selectScenarios } from "#local/compare/scenarios";
import { brokenCredentials } from "#local/exchange/broken-credentials";
import { faultKinds } from "#local/exchange/faults";

const names = scenarios.map(({ name }) => name);

test("has a name for each scenario that is a word to type and no other's", () => {
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[\w=/-]+$/.test(name))).toEqual([]);
});

test.each(listFunctions())("plays the function %s", (name) => {
  expect(names).toContain(`functions/${name}`);
});

test.each(Object.entries(faultKinds))("meets %s with a function that reads and one that writes", (name, { scope }) => {
  expect(names).toEqual(
    expect.arrayContaining([`faults/${scope}/${name}/ingest-users`, `faults/${scope}/${name}/add-group-members`]),
  );
});

test("has every broken credential", () => {
  expect(names).toEqual(expect.arrayContaining(Object.keys(brokenCredentials).map((name) => `credentials/${name}`)));
});

const named = (...all: string[]) => all.map((name) => ({ name, play: async () => {} }));

test("selects scenarios by name and by what stands before a slash, in their own order", () => {
  const all = named("a/one", "a/two", "ab/three", "c");

  expect(selectScenarios(["c", "a"], all).map(({ name }) => name)).toEqual(["a/one", "a/two", "c"]);
  expect(() => selectScenarios(["a", "b"], all)).toThrow("There is no scenario b");
});

test("names what is left in as few names as select it and nothing else", () => {
  const all = named("a/x/one", "a/x/two", "a/y/one", "b/one", "b/two", "c", "c/more");
  const left = all.filter(({ name }) => !["a/y/one", "c"].includes(name));

  const selection = nameSelection(left, all);

  expect(selection).toEqual(["a/x", "b", "c/more"]);
  expect(selectScenarios(selection, all)).toEqual(left);
});
