import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { withoutParameters } from "#local/exchange/admin-api/module-file";
import { servedCmdlets } from "#local/exchange/cmdlets/cmdlets";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type AppClient, createAppClient } from "#test/support/app-client";
import { root } from "#test/support/repository";

const served = join(root, "local/exchange/served");

let exchange: LocalExchange;
let client: AppClient;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 1, groups: 0, seed: 1 }) });
  client = createAppClient(exchange);
});

afterEach(() => {
  Object.assign(exchange.app, { rights: {}, hasAppRole: true, hasDirectoryRole: true });
});

afterAll(() => exchange.stop());

test("answers every cmdlet as one module, private functions first", async () => {
  const answer = await askForModule({ commandname: "*" });

  const [file] = answer.json.value;
  const text = (name: string) => readFileSync(join(served, name), "utf8");
  expect(answer.status).toBe(200);
  expect(answer.json.value).toHaveLength(1);
  expect(file.fileName).toMatch(/^\w+\.psm1$/);
  expect(file.exportedCmdlets.split(",")).toContain("Get-User");
  expect(file.fileContent.startsWith(text("runtime.ps1"))).toBe(true);
  expect(file.fileContent).toContain(text("Get-User.ps1"));
  expect(file.fileContent).toMatch(/Export-ModuleMember -Function .*'Get-User'/);
});

test("serves the wait before a repeat that it was started with", async () => {
  const hasty = await startExchange({ tenant: exchange.tenant, repeatBaseMs: 25 });
  const path = `/AdminApi/v1.0/${exchange.tenant.id}/EXOModuleFile`;

  const answers = await Promise.all([client, createAppClient(hasty)].map((each) => each.send(path)));

  const lines = answers.map(({ json }) => /^\$RepeatBaseMs = .*$/m.exec(json.value[0].fileContent)?.[0]);
  expect(lines).toEqual(["$RepeatBaseMs = 2000", "$RepeatBaseMs = 25"]);
  await hasty.stop();
});

test.each(["Get-User", "get-user", "New-Mailbox, GET-USER", "Get-User,Get-User"])(
  "answers what CommandName names: %s",
  async (commandname) => {
    const answer = await askForModule({ commandname });

    expect(answer.json.value[0].exportedCmdlets).toBe("Get-User");
  },
);

test("answers an empty module to names it does not know", async () => {
  const answer = await askForModule({ commandname: "New-Mailbox" });

  const [file] = answer.json.value;
  expect(file.exportedCmdlets).toBe("");
  expect(file.fileContent).not.toContain("function Get-User ");
  expect(file.fileContent).toContain("Export-ModuleMember -Function @()");
});

test("leaves out cmdlets and parameters the app has no right to", async () => {
  exchange.app.rights = { withoutParameters: { "get-user": ["isvip"] } };
  const limited = await askForModule();
  exchange.app.rights = { withoutCmdlets: ["get-user"] };
  const withheld = await askForModule();
  exchange.app.rights = { cmdlets: ["New-Mailbox"] };
  const empty = await askForModule();

  const [file] = limited.json.value;
  expect(file.fileContent).toContain("$Identity");
  expect(file.fileContent).not.toContain("$IsVIP");
  expect(withheld.json.value[0].exportedCmdlets).toMatch(/^(?!.*Get-User).*Get-DistributionGroup/);
  expect(empty.json.value[0].exportedCmdlets).toBe("");
});

test("leaves out the switch by which a group's owners are passed over, where the app's role lacks it", async () => {
  const commandname = "Add-DistributionGroupMember";
  const whole = await askForModule({ commandname });
  exchange.app.rights = { withoutParameters: { [commandname]: ["BypassSecurityGroupManagerCheck"] } };
  const limited = await askForModule({ commandname });

  expect(whole.json.value[0].fileContent).toContain("$BypassSecurityGroupManagerCheck");
  expect(limited.json.value[0].fileContent).not.toContain("$BypassSecurityGroupManagerCheck");
  expect(limited.json.value[0].exportedCmdlets).toBe(commandname);
});

test("serves every cmdlet that runs, with the parameters it takes", async () => {
  const [file] = (await askForModule()).json.value;

  expect(file.exportedCmdlets.split(",")).toEqual(servedCmdlets.map(({ name }) => name).toSorted());
  for (const { name, parameters } of servedCmdlets) {
    const text = readFileSync(join(served, `${name}.ps1`), "utf8");
    const declared = [...text.matchAll(/^ +\[\w+(?:\[\])?\] \$(\w+)/gm)].map((match) => match[1]);
    expect(declared.toSorted(), name).toEqual(Object.keys(parameters).toSorted());
  }
});

test("takes paths in any letter case, and the tenant as id or domain", async () => {
  const { id, domain } = exchange.tenant;

  const answers = await Promise.all(
    [`/AdminApi/v1.0/${id}/EXOModuleFile?Version=3.9.0`, `/ADMINAPI/beta/${domain.toUpperCase()}/exomodulefile`].map(
      (path) => client.send(path),
    ),
  );

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test("answers 401 without a token, and with one that is none of its own", async () => {
  const [header, claims] = (await client.requestToken()).json.access_token.split(".");
  const tokens = ["", "Bearer", "Bearer x", "Basic eDp5", `Bearer ${header}.${claims}.AAAA`];

  const answers = await Promise.all(tokens.map((authorization) => askForModule({ authorization })));

  expect(answers.map(({ status }) => status)).toEqual(tokens.map(() => 401));
  expect(answers[0]?.headers["www-authenticate"]).toMatch(/^Bearer .*error="invalid_token"/);
});

test("answers 401 to a token that has expired", async () => {
  const shortLived = await startExchange({ tenant: exchange.tenant, tokenLifeSeconds: 0 });

  const answer = await createAppClient(shortLived).send(`/AdminApi/v1.0/${exchange.tenant.id}/EXOModuleFile`);

  expect(answer.status).toBe(401);
  await shortLived.stop();
});

test("answers 401 to an app without its role, and 403 with a message to one without a directory role", async () => {
  exchange.app.hasAppRole = false;
  const withoutAppRole = await askForModule();
  exchange.app.hasAppRole = true;
  exchange.app.hasDirectoryRole = false;
  const withoutDirectoryRole = await askForModule();

  expect(withoutAppRole.status).toBe(401);
  expect(withoutDirectoryRole.status).toBe(403);
  expect(withoutDirectoryRole.json).toEqual({
    error: { message: expect.stringMatching(/^The role assigned to application .* isn't supported in this scenario/) },
  });
});

test("answers 403 to a token of another organization, and 404 where nothing is", async () => {
  const elsewhere = await client.send("/AdminApi/v1.0/fabrikam.com/EXOModuleFile");
  const nowhere = await client.send(`/AdminApi/v1.0/${exchange.tenant.id}/Mailboxes`);
  const wrongMethod = await client.send(`${client.base}/InvokeCommand`);

  expect(elsewhere.status).toBe(403);
  expect(nowhere.status).toBe(404);
  expect(wrongMethod).toMatchObject({ status: 405, headers: { allow: "POST" } });
});

test("tells that the service runs, and what the banner says", async () => {
  const running = await client.send(`/AdminApi/beta/${exchange.tenant.id}/basicinfo('AdminApiState')`);
  const escaped = await client.send(`/adminapi/beta/${exchange.tenant.id}/BasicInfo(%27adminapistate%27)`);
  const banner = await client.send(`/adminapi/beta/${exchange.tenant.id}/EXOBanner('AutogenSession')?Version=3.9.0`);
  const unknown = await client.send(`/adminapi/beta/${exchange.tenant.id}/basicinfo('x')`);

  expect(running.json).toEqual({ PropertyName: "AdminApiState", PropertyValue: "Running" });
  expect(escaped.json).toEqual(running.json);
  expect(banner.status).toBe(200);
  expect(unknown.status).toBe(404);
});

test("takes a parameter out of a cmdlet's text from its first line to its last", () => {
  const text =
    "param(\n  # parameter A\n  [string] $A,\n  # end parameter\n  # parameter B\n  $B,\n  # end parameter\n  $C\n)\n";

  expect(withoutParameters(text, ["b"])).toBe("param(\n  # parameter A\n  [string] $A,\n  # end parameter\n  $C\n)\n");
  expect(withoutParameters(text, ["A", "B", "X"])).toBe("param(\n  $C\n)\n");
  expect(withoutParameters(text, [])).toBe(text);
});

function askForModule(headers: Record<string, string> = {}) {
  return client.send(`/AdminApi/v1.0/${exchange.tenant.id}/EXOModuleFile?Version=3.9.0`, { headers });
}
