import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type AppClient, createAppClient } from "#test/support/app-client";

let exchange: LocalExchange;
let client: AppClient;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 230, groups: 10, seed: 6 }) });
  client = createAppClient(exchange);
});

afterEach(() => {
  exchange.app.rights = {};
  exchange.faults.clear();
});

afterAll(() => exchange.stop());

test("answers the properties asked for as plain OData", async () => {
  const answer = await client.recipients(
    "$select=Guid,DisplayName,EmailAddresses,WhenChangedUTC&RecipientTypeDetails=UserMailbox",
    { prefer: "odata.maxpagesize=1;" },
  );

  const [row] = answer.json.value;
  expect(answer.status).toBe(200);
  expect(answer.json["@odata.context"]).toBe(`https://outlook.office365.com${client.base}/$metadata#Recipient`);
  expect(Object.keys(row).toSorted()).toEqual(["DisplayName", "EmailAddresses", "Guid", "WhenChangedUTC"]);
  expect(row.EmailAddresses).toEqual(expect.arrayContaining([expect.stringMatching(/^SMTP:/)]));
});

test("answers every recipient of the types asked for once, page by page, to GET on each link", async () => {
  const types = ["UserMailbox", "MailUser"];
  const wanted = exchange.tenant.records.filter((each) => types.includes(each.recipientTypeDetails));

  const guids: string[] = [];
  let link: string | undefined =
    `${client.base}/Recipient?PropertySet=Minimum&$select=Guid&RecipientTypeDetails=${types.join(",")}`;
  while (link !== undefined) {
    const { json } = await client.send(link, { headers: { Prefer: "odata.maxpagesize=50;" } });
    guids.push(...json.value.map((row: { Guid: string }) => row.Guid));
    link = json["@odata.nextLink"];
  }

  expect(wanted.length).toBeGreaterThan(100);
  expect(guids.toSorted()).toEqual(wanted.map(({ guid }) => guid).toSorted());
});

test("finds by an identity that travels in a header, whatever its letters", async () => {
  const user = exchange.tenant.addUser({ name: "יעל O'Brien 😀 (x)", displayName: "יעל" });
  const encoded = Buffer.from(user.name).toString("base64");

  const answer = await client.recipients("$select=Guid&ReadIdsAndParamsFromHeaders=True", {
    "XParameter-Identity": encoded,
  });

  expect(answer.json.value).toEqual([{ Guid: user.guid }]);
  expect(exchange.requests.at(-1)).toMatchObject({ cmdlet: "Get-EXORecipient", parameters: { Identity: user.name } });
});

test("answers a missing recipient with 404 and Exchange's error", async () => {
  const answer = await client.recipients("ReadIdsAndParamsFromHeaders=True", {
    "XParameter-Identity": Buffer.from("nobody").toString("base64"),
  });

  expect(answer.status).toBe(404);
  expect(answer.headers["x-exceptiontype"]).toBe("ManagementObjectNotFoundException");
  expect(answer.json.error.details[0].message).toMatch(/^Ex6F9304\|.*ManagementObjectNotFoundException\|/);
});

test("filters, and refuses what cannot be filtered on or selected", async () => {
  const user = exchange.tenant.addUser({ name: "Zoë Filtered" });

  const found = await client.recipients(`$select=Guid&$filter=${encodeURIComponent("startswith(Name, 'Zoë F')")}`);
  const unfilterable = await client.recipients("$filter=Members%20eq%20'x'");
  const unknown = await client.recipients("$select=UserPrincipalName");

  expect(found.json.value).toEqual([{ Guid: user.guid }]);
  expect(unfilterable.status).toBe(400);
  expect(unknown.status).toBe(400);
});

test("takes a request line of many terms", async () => {
  const terms = Array.from("abcdefghijklmnopqrstuvwxyz0123456789", (letter) => `startswith(Name, '${letter}')`);
  const filter = encodeURIComponent(`not (${terms.join(" or ")})`);

  const answer = await client.recipients(`$select=Name&$filter=${filter}&OrganizationalUnit=&PropertySet=`);

  expect(answer.status).toBe(200);
  for (const { Name } of answer.json.value) expect(Name).not.toMatch(/^[a-z0-9]/i);
});

test("sends warnings in their header", async () => {
  exchange.faults.add({ name: "warning", value: "The object Ø is corrupted." });

  const answer = await client.recipients("$select=Guid");

  expect(answer.headers["x-warnings"]).toBe("The object ? is corrupted.");
});

test("refuses a link that has expired", async () => {
  const first = await client.recipients("$select=Guid", { prefer: "odata.maxpagesize=10;" });
  exchange.faults.add({ name: "link-expiry", value: 0 });

  const answer = await client.send(first.json["@odata.nextLink"]);

  expect(answer.status).toBe(400);
  expect(answer.text).toContain("Expired or Invalid pagination request. Default Expiry time is 00:30:00");
});

test("refuses an app that may not read recipients", async () => {
  exchange.app.rights = { cmdlets: ["Get-User"] };

  const answer = await client.recipients("$select=Guid");

  expect(answer.status).toBe(403);
});
