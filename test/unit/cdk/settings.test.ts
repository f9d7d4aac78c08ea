import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { buildApp } from "#cdk/build-app";
import { readSettings } from "#cdk/settings";
import { root } from "#test/support/repository";
import { context, makeOutdir, removeOutdirs } from "#test/support/synthesize";

afterAll(removeOutdirs);

const contoso = { name: "contoso", region: "eu-central-1" };

test("takes a name and a region for a tenant, and the usual for the rest", () => {
  const { tenants, ...beside } = readSettings({ tenants: [contoso] });

  expect(beside).toEqual({
    imageFolder: "dist/image",
    imageArguments: {},
    runbook: "docs/runbook.md",
    createTestEventRegistry: true,
  });
  expect(tenants).toEqual([
    {
      ...contoso,
      environment: "O365Default",
      userSource: "recipients",
      userInclude: [],
      shrinkLimit: 20,
      schedules: { usersEveryHours: 4, groupsEveryHours: 12, validateAtHour: 6, timeZone: "UTC" },
      architecture: "x86_64",
    },
  ]);
});

test("takes the tenants of cdk.json, beside what CDK itself has in its context", () => {
  const { tenants } = readSettings(context);

  expect(tenants.map(({ name }) => name)).toEqual(["contoso", "fabrikam"]);
});

test.each([
  ["no tenants", { tenants: [] }, "tenants"],
  ["no tenants at all", {}, "tenants"],
  ["two tenants of one name", { tenants: [contoso, contoso] }, "Two tenants have the same name"],
  ["a setting that nobody knows", { tenants: [{ ...contoso, sauce: "users" }] }, '"sauce"'],
  ["a name that no resource can have", { tenants: [{ ...contoso, name: "Contoso Ltd." }] }, "small letters"],
  ["no region", { tenants: [{ name: "contoso" }] }, "region"],
  ["what is no region", { tenants: [{ ...contoso, region: "Frankfurt" }] }, "is no AWS region"],
  ["an account that lost its zeros", { tenants: [{ ...contoso, account: 1234 }] }, "account"],
  ["runs at other hours each day", { tenants: [{ ...contoso, schedules: { usersEveryHours: 5 } }] }, "usersEveryHours"],
  ["an address that is none", { tenants: [{ ...contoso, alarmEmail: "on-call" }] }, "alarmEmail"],
])("refuses %s, in a sentence", (_what, settings, sentence) => {
  expect(() => readSettings(settings)).toThrow(/^The context in cdk\.json is not right:\n/);
  expect(() => readSettings(settings)).toThrow(sentence);
});

test("says what to do where there is no image", () => {
  const build = () => buildApp({ context: { ...context, imageFolder: "nowhere" }, outdir: makeOutdir() });

  expect(build).toThrow("There is no image to deploy in nowhere: run npm run build first.");
});

test("has each setting in the tables of docs/operations.md", () => {
  const page = readFileSync(join(root, "docs/operations.md"), "utf8");
  const { tenants, ...beside } = readSettings({
    tenants: [{ ...contoso, account: "111122223333", alarmEmail: "a@b.de" }],
  });
  const { schedules = {}, ...ofTenant } = { ...tenants[0] };

  const names = [...Object.keys(beside), ...Object.keys(ofTenant), ...Object.keys(schedules)];

  for (const name of names) expect(page).toMatch(new RegExp(`^\\| .*[\`.]${name}\``, "m"));
});

test.each(["Mars", "Mars/Base", "+02:00", "PST", "utc", "Europe/BERLIN", ""])(
  "refuses the time zone %j",
  (timeZone) => {
    expect(() => readSettings({ tenants: [{ ...contoso, schedules: { timeZone } }] })).toThrow("is no time zone");
  },
);

test.each(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "Etc/GMT+2"])(
  "takes the time zone %s",
  (timeZone) => {
    const { tenants } = readSettings({ tenants: [{ ...contoso, schedules: { timeZone } }] });

    expect(tenants[0]?.schedules.timeZone).toBe(timeZone);
  },
);
