import { expect, test } from "vitest";
import { createChecklist, fail, pass, skip, warn } from "#validation/checklist";

const create = () => createChecklist((thrown) => fail(String(thrown), "mend it"));

test("hands a check the values of those it needs, of those to look at too", async () => {
  const { check } = create();
  const one = await check("one", [], () => pass(1, "is 1"));
  const two = await check("two", [], () => warn("2", "is 2", "make it 3"));

  const sum = await check("sum", [one, two], (first, second) => pass(`${first}${second}`, "joined"));

  expect(sum).toEqual({ value: "12" });
});

test("skips what needs a failed check, and names that check to all that follow from it", async () => {
  const list = create();
  const broken = await list.check("broken", [], () => fail("is broken", "mend it", "UNEXPECTED"));
  const fine = await list.check("fine", [], () => pass(1, "is fine"));

  const next = await list.check("next", [fine, broken], () => pass(1, "was made"));
  await list.check("last", [next], () => pass(1, "was made"));

  expect(list.checks).toEqual([
    { name: "broken", status: "fail", found: "is broken", fix: "mend it", code: "UNEXPECTED" },
    { name: "fine", status: "pass", found: "is fine", fix: null, code: null },
    { name: "next", status: "skipped", found: "skipped: needs broken", fix: null, code: null },
    { name: "last", status: "skipped", found: "skipped: needs broken", fix: null, code: null },
  ]);
});

test("names a check that skipped itself to those that need it", async () => {
  const list = create();
  const first = await list.check("first", [], () => skip("there is nothing"));

  await list.check("second", [first], () => pass(1, "was made"));

  expect(list.checks.map(({ found }) => found)).toEqual(["skipped: there is nothing", "skipped: needs first"]);
});

test("fails a check that throws, as the error is explained", async () => {
  const list = create();

  await list.check("thrown", [], () => {
    throw new Error("no");
  });

  expect(list.checks).toEqual([{ name: "thrown", status: "fail", found: "Error: no", fix: "mend it", code: null }]);
});

test("throws on what its explanation throws", async () => {
  const { check } = createChecklist((thrown) => {
    throw thrown;
  });

  await expect(check("thrown", [], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
