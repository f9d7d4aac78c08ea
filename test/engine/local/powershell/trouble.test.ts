import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseFault } from "#local/exchange/faults";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type Conversation, type ScriptAnswer, startConversation } from "#test/engine/local/powershell/converse";
import { eventually } from "#test/support/eventually";

// What the module does in trouble, whichever module it is.
const folder = mkdtempSync(join(tmpdir(), "trouble-test-"));
const signInConstant =
  'Case when Message contains:AADSTS70011 Invalid scope. The scope has to be of the form "https://resourceUrl/.default"Mitigation: change the scope to be as expected';
const service = "Microsoft.Identity.Client.MsalServiceException";
const networkTypes = [
  "System.Net.Http.HttpRequestException",
  "System.IO.IOException",
  "System.Net.Sockets.SocketException",
];
const settings = "[Microsoft.Exchange.Management.AdminApiProvider.AppSettings]";
const query = "Get-EXORecipient -ResultSize 5 -Properties Guid";
const unformed = "Module could not be correctly formed. Please run Connect-ExchangeOnline again.";

let exchange: LocalExchange;
let shell: Conversation;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 20, groups: 1, seed: 4 }), repeatBaseMs: 60_000 });
  writeFileSync(join(folder, "ca.pem"), exchange.caCertificate);
  shell = await openShell();
});

afterEach(() => exchange.faults.clear());

afterAll(async () => {
  await shell.end();
  await exchange.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("connecting", () => {
  afterEach(() => shell.say("Disconnect-ExchangeOnline -Confirm:$false"));

  test("asks for the instance, a token and the cmdlets, and for nothing else", async () => {
    const { answer, paths } = await connect();

    expect(answer.errors).toEqual([]);
    expect(paths).toEqual(["/common/discovery/instance", "/token", "/EXOModuleFile"]);
  });

  test("shows a connection as broken where Exchange's state is not to be had", async () => {
    await connect();
    const running = await ask("(Get-ConnectionInformation).State");
    exchange.faults.add({ name: "unavailable", path: "/basicinfo" });
    const broken = await ask("(Get-ConnectionInformation).State");

    expect([running, broken].map(({ answer }) => answer.output)).toEqual([["Connected"], ["Broken"]]);
    expect(running.paths).toEqual(["/basicinfo('AdminApiState')"]);
  });

  test.each([
    { fault: "unavailable,path=/token", says: /^Service is unavailable to process the request/, times: 2 },
    { fault: "empty-error,path=/token", says: /^Service is unavailable to process the request/, times: 2 },
    { fault: "sign-in-refusal=90033", says: /^Service is unavailable to process the request/, times: 2 },
    { fault: "empty-error=400,path=/token", says: /^HttpStatusCode: 400: BadRequest$/, times: 1 },
    { fault: "empty-error=404,path=/token", says: /^HttpStatusCode: 404: NotFound\nAuthority used: https:/, times: 1 },
    { fault: "not-found,path=/token", says: /^An error response was returned by the OAuth2 server, but/, times: 1 },
    { fault: "sign-in-refusal=90002", says: /^AADSTS90002: The request was refused\./, times: 1 },
    {
      fault: "sign-in-refusal=700027",
      says: /^A configuration issue is preventing authentication .* {2}Original exception: AADSTS700027: The request/,
      times: 1,
    },
    {
      fault: "throttle,path=/token",
      type: "Microsoft.Identity.Client.MsalThrottledServiceException",
      says: /^Your app has been throttled by AAD due to too many requests\. To avoid this, cache/,
      times: 1,
    },
  ])("puts a constant before what MSAL says of $fault", async ({ fault, type = service, says, times }) => {
    const { answer, paths } = await connect(fault);

    const text = answer.errors[0]?.exceptions[1]?.message ?? "";
    expect(text).toMatch(says);
    expect(answer.errors).toEqual([
      {
        category: "OperationStopped",
        exceptions: [
          { type: "System.Exception", message: signInConstant + text },
          { type, message: text },
        ],
      },
    ]);
    expect(paths.filter((path) => path === "/token")).toHaveLength(times);
  });

  test.each([
    {
      fault: "malformed,path=/token",
      types: ["System.Text.Json.JsonException", "System.Text.Json.JsonReaderException"],
    },
    { fault: "empty-error=200,path=/token", types: ["System.NullReferenceException"] },
    { fault: "reset,path=/token", types: networkTypes },
  ])("ends a sign-in with what .NET throws where the answer is $fault", async ({ fault, types }) => {
    const { answer } = await connect(fault);

    expect(answer.errors.map(({ exceptions }) => exceptions.map(({ type }) => type))).toEqual([types]);
  });

  test.each([
    { fault: "no-app-role", type: "UnauthorizedAccessException", says: /^UnAuthorized$/ },
    { fault: "expired-token", type: "UnauthorizedAccessException", says: /^UnAuthorized$/ },
    { fault: "empty-error=401,path=/EXO", type: "UnauthorizedAccessException", says: /^UnAuthorized$/ },
    {
      fault: "no-directory-role",
      type: "UnauthorizedAccessException",
      says: /^The role assigned to application .* isn't supported in this scenario/,
    },
    { fault: "unavailable,path=/EXO", type: "SystemException", says: /^The service is unavailable\.$/ },
    {
      fault: "throttle,path=/EXO",
      type: "SystemException",
      says: /^You have reached the maximum number of concurrent/,
    },
    { fault: "empty-error,path=/EXO", type: "Management.Automation.RuntimeException", says: unformed },
    { fault: "nul-403,path=/EXO", type: "Management.Automation.RuntimeException", says: unformed },
    {
      fault: "malformed,path=/EXO",
      type: "Newtonsoft.Json.JsonReaderException",
      says: /^Unterminated string\. Expected delimiter: "\. Path 'value\[0\]\.fileContent', line 1, position \d+\.$/,
    },
  ])("asks for the cmdlets once where the answer is $fault, and says $says", async ({ fault, type, says }) => {
    const { answer, paths } = await connect(fault);

    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]?.exceptions).toEqual([
      {
        type: type.includes("Newtonsoft") ? type : `System.${type}`,
        message: typeof says === "string" ? says : expect.stringMatching(says),
      },
    ]);
    expect(paths.filter((path) => path === "/EXOModuleFile")).toHaveLength(1);
  });

  test("asks for the cmdlets again with a token of the claims that a 401 brings", async () => {
    const { answer, paths } = await connect("claims-challenge");

    expect(answer.errors).toEqual([]);
    expect(paths.filter((path) => path === "/EXOModuleFile")).toHaveLength(2);
  });
});

// A process asks once: what it got, it keeps.
describe("asking for the instance", () => {
  let fresh: Conversation;

  beforeEach(async () => {
    fresh = await openShell();
  });

  afterEach(() => fresh.end());

  test.each([
    { fault: "unavailable,path=/discovery", times: 2 },
    { fault: "not-found,path=/discovery", times: 1 },
  ])("goes on without one where the answer is $fault", async ({ fault, times }) => {
    const { answer, paths } = await connect(fault, fresh);

    expect(answer.errors).toEqual([]);
    expect(paths).toEqual([...Array(times).fill("/common/discovery/instance"), "/token", "/EXOModuleFile"]);
  });

  test("ends the sign-in where there is no answer", async () => {
    const { answer, paths } = await connect("reset,path=/discovery", fresh);

    expect(answer.errors.map(({ exceptions }) => exceptions.map(({ type }) => type))).toEqual([networkTypes]);
    expect(paths).toEqual(["/common/discovery/instance"]);
  });
});

describe("connected", () => {
  beforeAll(() => connect());

  afterAll(() => shell.say("Disconnect-ExchangeOnline -Confirm:$false"));

  afterEach(() => setRepeats(5, 2_000));

  test("has the settings of Get-EXORecipient as statics of a type", async () => {
    const names = [
      "MaxRetryTimes",
      "RetryIntervalInMilliSeconds",
      "RetryIntervalExponentBase",
      "HTTPTimeout",
      "PageSize",
      "HttpConnectionLimit",
    ];
    const { answer } = await ask(
      `$type = 'Microsoft.Exchange.Management.AdminApiProvider.AppSettings' -as [type]; ${names.map((name) => `$type::${name}`).join("; ")}`,
    );

    expect(answer).toEqual({ output: ["5", "2000", "2", "300", "1000", "14"], errors: [] });
  });

  test.each(["unavailable", "throttle", "transient", "expired-token", "malformed", "reset", "empty-error=500"])(
    "Get-EXORecipient asks as often as it is set to where the answer is %s",
    async (fault) => {
      await setRepeats(2, 1);
      exchange.faults.add(parseFault(fault));

      const { answer, paths } = await ask(query);

      expect(answer.errors).toHaveLength(1);
      expect(paths.filter((path) => path === "/Recipient")).toHaveLength(3);
    },
  );

  test.each(["gateway-timeout", "not-found", "no-directory-role", "empty-error=502", "nul-403"])(
    "Get-EXORecipient asks once where the answer is %s",
    async (fault) => {
      exchange.faults.add(parseFault(fault));

      const { answer, paths } = await ask(query);

      expect(answer.errors).toHaveLength(1);
      expect(paths).toEqual(["/Recipient"]);
    },
  );

  test("Get-EXORecipient waits longer before each further repeat, and as long as a 429 says before any", async () => {
    await setRepeats(3, 100);
    exchange.faults.add({ name: "unavailable" });
    const startedAt = performance.now();
    await ask(query);
    const unavailableMs = performance.now() - startedAt;

    exchange.faults.clear();
    await setRepeats(2, 1);
    exchange.faults.add({ name: "throttle", value: 1 });
    const throttledAt = performance.now();
    await ask(query);
    const throttledMs = performance.now() - throttledAt;

    expect(unavailableMs).toBeGreaterThan(100 + 200 + 400);
    expect(throttledMs).toBeGreaterThan(2 * 1_000);
  });

  test("Get-EXORecipient says what Exchange says, then what its client says, then all of the answer", async () => {
    const { answer } = await ask("Get-EXORecipient -Identity nobody@x.com");

    const [outer, query, client, payload] = answer.errors[0]?.exceptions ?? [];
    expect(answer.errors[0]?.category).toBe("ProtocolError");
    expect(outer?.type).toBe("Microsoft.Exchange.Management.RestApiClient.RestClientException");
    expect(outer?.message).toMatch(/^Error while querying REST service\. HttpStatusCode=404 ErrorMessage=\{"error":\{/);
    expect(outer?.message).toContain(client?.message);
    expect(query).toEqual({
      type: "Microsoft.OData.Client.DataServiceQueryException",
      message: "An error occurred while processing this request.",
    });
    expect(JSON.parse(client?.message ?? "").error.details[0].message).toMatch(/ManagementObjectNotFoundException\|/);
    expect(payload?.type).toBe("Microsoft.OData.ODataErrorException");
  });

  test.each([
    {
      fault: "nul-403",
      says: `Error while querying REST service. HttpStatusCode=403 ErrorMessage=${"\0".repeat(512)}`,
    },
    { fault: "empty-error=502", says: "Error while querying REST service. HttpStatusCode=502 ErrorMessage=BadGateway" },
    { fault: "reset", says: "An error occurred while processing this request." },
    { fault: "malformed", says: expect.stringMatching(/^The response payload is a not a valid response payload\./) },
  ])("Get-EXORecipient passes on what it got: $fault", async ({ fault, says }) => {
    await setRepeats(0, 1);
    exchange.faults.add(parseFault(fault));

    const { answer } = await ask(query);

    expect(answer.errors[0]?.exceptions[0]?.message).toEqual(says);
  });

  test.each(["claims-challenge", "expired-token,path=/Recipient,times=2"])(
    "Get-EXORecipient gets a new token where the answer is %s",
    async (fault) => {
      await setRepeats(2, 1);
      exchange.faults.add(parseFault(fault));

      // A row of the genuine module cannot be made text: it asks itself for it without end.
      const { answer, paths } = await ask(`@(${query}).Count`);

      expect(answer).toEqual({ output: ["5"], errors: [] });
      expect(paths).toContain("/token");
    },
  );

  test("Get-EXORecipient says so where it is given no new token", async () => {
    await setRepeats(1, 1);
    exchange.faults.add({ name: "claims-challenge" });
    exchange.faults.add({ name: "sign-in-refusal", value: 700027 });

    const { answer } = await ask(query);

    const [outer, aggregate, renewal, refusal] = answer.errors[0]?.exceptions ?? [];
    expect(refusal).toEqual({ type: service, message: expect.stringMatching(/ Original exception: AADSTS700027: /) });
    expect(renewal).toEqual({ type: "System.Exception", message: signInConstant + refusal?.message });
    expect(aggregate?.type).toBe("System.AggregateException");
    expect(outer?.type).toBe("System.Exception");
    expect(outer?.message).toMatch(
      /^Case when Message contains:.* AADSTS700027: .*Z\. A configuration issue is preventing/s,
    );
  });

  test.each([
    { waits: "for an answer", fault: "hang" },
    { waits: "before a repeat", fault: "unavailable" },
  ])("a served cmdlet can be stopped in another runspace while it waits $waits", async ({ fault }) => {
    exchange.faults.add(parseFault(`${fault},cmdlet=Get-User`));
    const from = exchange.requests.length;
    await ask(
      "$space = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2()); $space.Open(); $served = (Get-Module tmpEXO_*).Path -replace 'psm1$', 'psd1'",
    );
    await ask(
      "$lane = [powershell]::Create($space); $null = $lane.AddScript('param($modules) Import-Module $modules -Global -DisableNameChecking').AddArgument(@($module.Path, $served)).Invoke(); $lane.Commands.Clear()",
    );
    await ask("$call = $lane.AddScript('Get-User -ResultSize 5').BeginInvoke()");
    await eventually(() => exchange.requests.length > from);

    const stopped = await ask("$lane.Stop(); $lane.InvocationStateInfo.State");
    exchange.faults.clear();
    const after = await ask(
      "$lane.Commands.Clear(); @($lane.AddScript('Get-User -ResultSize 5').Invoke()).Count; $space.Dispose()",
    );

    expect(stopped.answer.output).toEqual(["Stopped"]);
    expect(after.answer.output).toEqual(["5"]);
  });
});

/** PowerShell with the module loaded, and what connecting takes in `$connect`. */
async function openShell(): Promise<Conversation> {
  const { app_id, tenant_domain, certificate, certificate_password } = exchange.secret;
  const environment = { ...process.env, HTTPS_PROXY: exchange.proxy, SSL_CERT_FILE: join(folder, "ca.pem") };
  const opened = startConversation(environment);
  await opened.say(
    [
      `$certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::new([Convert]::FromBase64String('${certificate}'), '${certificate_password}')`,
      `$connect = @{ AppId = '${app_id}'; Organization = '${tenant_domain}'; Certificate = $certificate; CommandName = 'Get-User'; ShowBanner = $false }`,
      `$module = Import-Module '${process.env.TEST_EXCHANGE_MODULE_PATH || "ExchangeOnlineManagement"}' -Global -DisableNameChecking -PassThru`,
    ].join("; "),
  );
  return opened;
}

async function connect(fault?: string, on = shell) {
  if (fault !== undefined) exchange.faults.add(parseFault(fault));
  return ask("Connect-ExchangeOnline @connect", on);
}

/** Sets how often Get-EXORecipient repeats a request, and how long it waits before it does so first. */
async function setRepeats(times: number, baseMs: number): Promise<void> {
  await shell.say(`${settings}::MaxRetryTimes = ${times}; ${settings}::RetryIntervalInMilliSeconds = ${baseMs}`);
}

/** Runs a script, and answers with the paths it asked for, the tenant left out. */
async function ask(script: string, on = shell): Promise<{ answer: ScriptAnswer; paths: string[] }> {
  const from = exchange.requests.length;
  const answer = await on.say(script);
  const paths = exchange.requests
    .slice(from)
    .map(({ path }) => path.replace(/^.*\/(?=token$|EXO|Recipient$|basicinfo|InvokeC)/, "/"));
  return { answer, paths };
}
