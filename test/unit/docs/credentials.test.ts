import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appPermission, environments, hostsOf } from "#exchange/clouds";
import { parseCredential, secretSchema } from "#exchange/credential/credential";
import { exchangeEnvironmentNames } from "#runtime/configuration";
import { makePfx } from "#test/support/make-pfx";
import { root } from "#test/support/repository";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const page = read("docs/credentials.md");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map((match) => match[1] ?? "");
const names = Object.keys(secretSchema.shape);

test("shows a secret of the five names that the gateway takes, once it is filled in", () => {
  const [example = "{}"] = blocks("json").filter((block) => block.startsWith("{"));

  const secret = { ...JSON.parse(example), certificate: makePfx("x").pfx.toString("base64") };

  expect(Object.keys(secret)).toEqual(names);
  expect(parseCredential(JSON.stringify(secret), "O365Default")).toMatchObject({
    tenantDomain: "contoso.onmicrosoft.com",
  });
});

test.each(["jq -n", "ConvertTo-Json"])("has the five names in the command with %s", (command) => {
  const [block = ""] = [...blocks("sh"), ...blocks("powershell")].filter((each) => each.includes(command));

  const written = names.filter((name) => new RegExp(`\\b${name}\\s*[:=]`).test(block));
  expect(written).toEqual(names);
});

test("names the permission by the ids that the gateway's advice has", () => {
  const [manifest = ""] = blocks("json").filter((block) => block.includes("requiredResourceAccess"));

  expect(page).toContain(`\`${appPermission.name}\``);
  expect(JSON.parse(`{${manifest}}`).requiredResourceAccess).toEqual([
    { resourceAppId: appPermission.resourceAppId, resourceAccess: [{ id: appPermission.id, type: "Role" }] },
  ]);
});

test.each(["Exchange Administrator", "Exchange Recipient Administrator"])(
  "names the role %s as the gateway does",
  (role) => {
    expect(page).toContain(role);
    expect(read("layers/exchange/errors/sign-in.ts")).toContain(role);
  },
);

test.each(["Security Group Creation and Membership", "Organization Management"])(
  "names the role %s as the validation does",
  (role) => {
    expect(page).toContain(role);
    expect(read("layers/validation/exchange-checks.ts")).toContain(role);
  },
);

test.each(exchangeEnvironmentNames)("has the hosts and domains of %s as the table of environments has them", (name) => {
  const environment = environments[name];
  const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\` |`)) ?? "";

  const [, , , portal, domain, hosts] = row.split("|").map((cell) => cell.trim());
  expect([portal, domain]).toEqual([environment.portalHost, `contoso.${environment.domainSuffix}`]);
  expect(hosts?.split(", ")).toEqual(hostsOf(environment));
});

test.each(["Roles", "Rotating"])("has the section %s that the validation sends people to", (section) => {
  const files = ["certificate-checks", "exchange-checks"].map((name) => read(`layers/validation/${name}.ts`));

  expect(page).toMatch(new RegExp(`^## (?:\\d\\. )?${section}$`, "m"));
  expect(files.join("\n")).toContain(`docs/credentials.md, ${section}`);
});

test("validates with a command that there is", () => {
  expect(page).toContain("npm run validate -- --secret tenant.json");
  expect(JSON.parse(read("package.json")).scripts).toHaveProperty("validate");
});
