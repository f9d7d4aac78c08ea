import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type AppClient, createAppClient } from "#test/support/app-client";

const userCount = 1_250;
const truncation =
  "There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.";
const people = { RecipientTypeDetails: ["UserMailbox", "MailUser", "GuestMailUser", "User", "DisabledUser"] };

let exchange: LocalExchange;
let client: AppClient;
let everybody: string[];

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: userCount, groups: 10, seed: 5 }) });
  client = createAppClient(exchange);
  const types = new Set<string>(people.RecipientTypeDetails);
  everybody = exchange.tenant.records.filter((each) => types.has(each.recipientTypeDetails)).map((each) => each.guid);
});

afterEach(() => {
  exchange.app.rights = {};
});

afterAll(() => exchange.stop());

test("answers rows in JSON with their types in front of them", async () => {
  const user = someUser();

  const answer = await client.invoke("Get-User", { Identity: user.guid });

  const [row] = answer.json.value;
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    "content-type": expect.stringContaining("application/json"),
    "request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-calculatedbetarget": expect.any(String),
    date: expect.any(String),
  });
  expect(Object.keys(answer.json)).toEqual([
    "@odata.context",
    "adminapi.warnings@odata.type",
    "@adminapi.warnings",
    "value",
  ]);
  expect(answer.json).toMatchObject({
    "@odata.context": `https://outlook.office365.com${client.base}/$metadata#Collection(Exchange.GenericHashTable)`,
    "adminapi.warnings@odata.type": "#Collection(String)",
    "@adminapi.warnings": [],
  });
  expect(row).toMatchObject({
    "Guid@data.type": "System.Guid",
    "Guid@odata.type": "#Guid",
    Guid: user.guid,
    "WhenCreatedUTC@data.type": "System.DateTime",
    WhenCreatedUTC: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.0000000\+00:00$/),
  });
});

test("answers rows in CLIXML where that is asked for, and an empty list of them where there are none", async () => {
  const headers = { "X-ResponseFormat": "clixml" };
  const user = someUser();

  const found = await client.invoke("get-uSER", { identity: user.guid }, { headers });
  const none = await client.invoke("Get-User", { Filter: "Name -eq 'nobody has this name'" }, { headers });
  const noneInJson = await client.invoke("Get-User", { Filter: "Name -eq 'nobody has this name'" });

  expect(found.json.value).toHaveLength(1);
  expect(found.json.value[0]._cliXml).toContain(`<G N="Guid">${user.guid}</G>`);
  expect(none.json.value[0]._cliXml).toMatch(/^<Objs .*<LST><\/LST><\/Obj><\/Objs>$/);
  expect(noneInJson.json.value).toEqual([]);
});

test("trims rows to what $select names, in both forms", async () => {
  const link = `${client.base}/InvokeCommand?$select=Guid,displayname`;
  const parameters = { Identity: someUser().guid };

  const json = await client.invoke("Get-User", parameters, { link });
  const cliXml = await client.invoke("Get-User", parameters, { link, headers: { "x-responseformat": "CliXml" } });

  expect(
    Object.keys(json.json.value[0])
      .filter((name) => !name.includes("@"))
      .toSorted(),
  ).toEqual(["DisplayName", "Guid"]);
  const shown = [...cliXml.json.value[0]._cliXml.matchAll(/ N="(\w+)"/g)].map((match) => match[1]);
  expect(shown.toSorted()).toEqual(["DisplayName", "Guid"]);
});

test("answers every row once, page by page, to the same body posted to each link", async () => {
  const parameters = { ...people, ResultSize: "Unlimited" };

  const { guids, sizes, warnings } = await readPages(parameters, 100);

  expect(sizes).toEqual([...Array.from({ length: 12 }, () => 100), everybody.length - 1_200]);
  expect(guids.toSorted()).toEqual(everybody.toSorted());
  expect(warnings).toEqual([]);
});

test.each([undefined, "odata.maxpagesize=5000", "odata.maxpagesize=0", "return=minimal"])(
  "holds 1,000 rows a page where the client prefers %s",
  async (prefer) => {
    const headers: Record<string, string> = prefer === undefined ? {} : { Prefer: prefer };

    const answer = await client.invoke("Get-User", { ...people, ResultSize: "unlimited" }, { headers });

    expect(answer.json.value).toHaveLength(1_000);
    expect(answer.json["@odata.nextLink"]).toMatch(/^https:\/\/outlook\.office365\.com\/adminapi\/beta\//);
  },
);

test.each([
  { how: "by default after 1,000 rows", parameters: people, rows: 1_000 },
  { how: "after ResultSize rows", parameters: { ...people, ResultSize: 5 }, rows: 5 },
  { how: "after ResultSize rows as text", parameters: { ...people, RESULTSIZE: "7" }, rows: 7 },
])("cuts a list $how, with a warning and no link", async ({ parameters, rows }) => {
  const answer = await client.invoke("Get-User", parameters);

  expect(answer.json.value).toHaveLength(rows);
  expect(answer.json["@adminapi.warnings"]).toEqual([truncation]);
  expect(answer.json["@odata.nextLink"]).toBeUndefined();
});

test("warns on the last of several pages alone when ResultSize cuts the list", async () => {
  const { sizes, warnings } = await readPages({ ...people, ResultSize: 250 }, 100);

  expect(sizes).toEqual([100, 100, 50]);
  expect(warnings).toEqual([truncation]);
});

test("refuses a link for another body, another address, or made up", async () => {
  const parameters = { ...people, ResultSize: "Unlimited" };
  const { json } = await client.invoke("Get-User", parameters, { headers: prefer(10) });
  const link = json["@odata.nextLink"];

  const answers = [
    await client.invoke("Get-User", { ResultSize: "Unlimited" }, { link }),
    await client.invoke("Get-User", parameters, { link: `${link}&$select=Name` }),
    await client.invoke("Get-User", parameters, { link: `${client.base}/InvokeCommand?$skiptoken=bm90aGluZw.x` }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  expect(answers[0]?.json.error.message).toBe("Expired or Invalid pagination request. Default Expiry time is 00:30:00");
});

test("lets links expire", async () => {
  const parameters = { ...people, ResultSize: "Unlimited" };
  const { json } = await client.invoke("Get-User", parameters, { headers: prefer(10) });
  const link = json["@odata.nextLink"];

  const later = exchange.faults.add({ name: "clock", value: 29 * 60 });
  const inTime = await client.invoke("Get-User", parameters, { link });
  exchange.faults.remove(later);
  const muchLater = exchange.faults.add({ name: "clock", value: 31 * 60 });
  const late = await client.invoke("Get-User", parameters, { link });
  exchange.faults.remove(muchLater);

  expect(inTime.status).toBe(200);
  expect(late.status).toBe(400);
  expect(late.json.error.code).toBe("BadRequest");
});

test("answers a cmdlet's failure with Exchange's error body and headers", async () => {
  const answer = await client.invoke("Get-User", { Identity: "nobody@contoso.com" });

  const text = `The operation couldn't be performed because object 'nobody@contoso.com' couldn't be found on '${exchange.tenant.serverName}'.`;
  expect(answer.status).toBe(404);
  expect(answer.headers["x-exceptiontype"]).toBe("ManagementObjectNotFoundException");
  expect(answer.headers["request-id"]).toBeDefined();
  expect(answer.json.error).toMatchObject({
    code: "NotFound",
    message: "Error executing cmdlet",
    details: [
      {
        code: "Context",
        target: "",
        message: `Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|${text}`,
      },
    ],
    innererror: {
      message: "Error executing cmdlet",
      type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
    },
    "adminapi.warnings@odata.type": "#Collection(String)",
    "@adminapi.warnings": [],
  });
});

test("answers a cmdlet it does not know, or the app may not run, with NUL bytes that claim to be gzip", async () => {
  const unknown = await client.invoke("Remove-Everything");
  exchange.app.rights = { cmdlets: ["Get-DistributionGroup"] };
  const forbidden = await client.invoke("Get-User", { Identity: someUser().guid });

  for (const answer of [unknown, forbidden]) {
    expect(answer.status).toBe(403);
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(answer.bytes.length).toBeGreaterThan(0);
    expect(answer.bytes.every((byte) => byte === 0)).toBe(true);
  }
});

test("answers a parameter it does not know, or the app may not use, as one that fits no parameter set", async () => {
  const unknown = await client.invoke("Get-User", { Anr: "x" });
  exchange.app.rights = { withoutParameters: { "Get-User": ["Filter"] } };
  const forbidden = await client.invoke("Get-User", { filter: "Name -like 'a*'" });

  for (const answer of [unknown, forbidden]) {
    expect(answer.status).toBe(400);
    expect(answer.json.error.details[0].message).toMatch(
      /^\|Microsoft\.Exchange\.AdminApi\.CommandInvocation\.AmbiguousParameterSetException\|Parameter set cannot be resolved/,
    );
  }
});

test("reads everybody where the identity is empty or null", async () => {
  const empty = await client.invoke("Get-User", { ...people, Identity: "", ResultSize: "Unlimited" });
  const nothing = await client.invoke("Get-User", { ...people, Identity: null, ResultSize: "Unlimited" });

  expect(empty.json.value).toHaveLength(1_000);
  expect(nothing.json.value).toHaveLength(1_000);
});

test.each(["", "{", "[]", '{"CmdletInput":{}}', '{"CmdletInput":{"CmdletName":"Get-User","Parameters":[]}}'])(
  "refuses the body %j",
  async (body) => {
    const answer = await client.send(`${client.base}/InvokeCommand`, { method: "POST", body });

    expect(answer.status).toBe(400);
    expect(answer.json.error.code).toBe("BadRequest");
  },
);

test("refuses a body beyond all measure, and goes on", async () => {
  const huge = await client
    .invoke("Get-User", { Identity: "x".repeat(20 * 1024 * 1024) })
    .catch((error: Error) => error);

  const next = await client.invoke("Get-User", { Identity: someUser().guid });

  expect(huge).toMatchObject({ status: 413 });
  expect(next.status).toBe(200);
});

test("takes the tenant's domain in the path, and the cmdlet in any letter case", async () => {
  const link = `/AdminAPI/beta/${exchange.tenant.domain}/invokecommand`;

  const first = await client.invoke("GET-USER", { ResultSize: 3 }, { link, headers: prefer(2) });
  const second = await client.invoke("GET-USER", { ResultSize: 3 }, { link: first.json["@odata.nextLink"] });

  expect(first.json.value).toHaveLength(2);
  expect(second.json.value).toHaveLength(1);
});

test("compresses for clients that take it", async () => {
  const headers = { "accept-encoding": "gzip, deflate" };

  const packed = await client.invoke("Get-User", { ...people, ResultSize: 100 }, { headers });
  const plain = await client.invoke(
    "Get-User",
    { ...people, ResultSize: 100 },
    { headers: { "accept-encoding": "gzip;q=0" } },
  );

  expect(packed.headers["content-encoding"]).toBe("gzip");
  expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 4);
  expect(packed.json.value).toEqual(plain.json.value);
});

test("logs the cmdlet, its parameters and the status", async () => {
  await client.invoke("get-user", { Identity: "O'Brien $(x)" });

  expect(exchange.requests.at(-1)).toMatchObject({
    method: "POST",
    host: "outlook.office365.com",
    path: `${client.base}/InvokeCommand`,
    cmdlet: "get-user",
    parameters: { Identity: "O'Brien $(x)" },
    status: 404,
  });
});

function someUser() {
  const user = exchange.tenant.records.find((record) => record.recipientTypeDetails === "UserMailbox");
  if (!user) throw new Error("The tenant has no user.");
  return user;
}

function prefer(size: number): Record<string, string> {
  return { Prefer: `odata.maxpagesize=${size}` };
}

async function readPages(parameters: object, size: number) {
  const guids: string[] = [];
  const sizes: number[] = [];
  const warnings: string[] = [];
  let link: string | undefined;
  do {
    const at = link === undefined ? {} : { link };
    const { json } = await client.invoke("Get-User", parameters, { ...at, headers: prefer(size) });
    guids.push(...json.value.map((row: { Guid: string }) => row.Guid));
    sizes.push(json.value.length);
    warnings.push(...json["@adminapi.warnings"]);
    link = json["@odata.nextLink"];
  } while (link !== undefined);
  return { guids, sizes, warnings };
}
