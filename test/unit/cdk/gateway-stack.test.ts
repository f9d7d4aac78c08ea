import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { queueFunctions } from "#functions/facts";
import { maxReceiveCount } from "#operations/message";
import { readConfiguration } from "#runtime/configuration";
import { root } from "#test/support/repository";
import { type Resource, removeOutdirs, resourcesOf, synthesize } from "#test/support/synthesize";

afterAll(removeOutdirs);

const { assembly, template } = synthesize();
const contoso = template("contoso");
const fabrikam = template("fabrikam");
const functions = resourcesOf(contoso, "AWS::Lambda::Function");
const queues = resourcesOf(contoso, "AWS::SQS::Queue");
const functionFolder = join(root, "functions");

test("deploys every function that is there", () => {
  const built = globSync("*/handler.ts", { cwd: functionFolder }).map(dirname);

  expect(functions.map(nameOfFunction).sort()).toEqual(built.sort());
});

test("runs all functions from one image, each by its own handler", () => {
  const images = [contoso, fabrikam].flatMap((each) =>
    resourcesOf(each, "AWS::Lambda::Function").map(({ Properties }) => JSON.stringify(Properties.Code)),
  );

  expect(new Set(images).size).toBe(1);
  for (const each of functions) {
    expect(each.Properties.ImageConfig.Command).toEqual([`${nameOfFunction(each)}.handler`]);
  }
});

test("states the platform of a tenant's image", () => {
  const region = "eu-central-1";
  const { assembly, template } = synthesize({
    tenants: [
      { name: "contoso", region, architecture: "x86_64" },
      { name: "fabrikam", region, architecture: "arm64" },
    ],
  });

  const platforms = (tenant: string) => imagesOf(assembly, tenant).map(({ source }) => source.platform);
  const architectures = (tenant: string) =>
    resourcesOf(template(tenant), "AWS::Lambda::Function").map(({ Properties }) => Properties.Architectures[0]);

  expect(platforms("contoso")).toEqual(["linux/amd64"]);
  expect(platforms("fabrikam")).toEqual(["linux/arm64"]);
  expect(new Set(architectures("contoso"))).toEqual(new Set(["x86_64"]));
  expect(new Set(architectures("fabrikam"))).toEqual(new Set(["arm64"]));
});

test("builds the image with what is put in the place of its arguments", () => {
  const { assembly } = synthesize({ imageArguments: { BASE_IMAGE: "registry.example/nodejs:24" } });

  const built = imagesOf(assembly, "contoso").map(({ source }) => source.dockerBuildArgs);

  expect(built).toEqual([{ BASE_IMAGE: "registry.example/nodejs:24" }]);
});

test("gives a function one vCPU, 512 MB for files, a log in JSON that ends after three months, and no reserved concurrency", () => {
  for (const { Properties } of functions) {
    const log = resourcesOf(contoso).find(({ id }) => id === Properties.LoggingConfig.LogGroup.Ref);

    expect(Properties).toMatchObject({ MemorySize: 1769, EphemeralStorage: { Size: 512 } });
    expect(Properties.LoggingConfig.LogFormat).toBe("JSON");
    expect(log?.Properties.RetentionInDays).toBe(90);
    expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
  }
});

test("sets functions up as they read it, and tells them no secret", () => {
  for (const { Properties } of functions) {
    const variables = Object.entries(Properties.Environment.Variables).map(([name, value]) => [name, plain(value)]);

    const configuration = readConfiguration(Object.fromEntries(variables));

    expect(configuration).toMatchObject({ tenant: "contoso", secretId: expect.stringContaining("CredentialSecret") });
  }
});

test("hands a tenant's settings on to its functions", () => {
  for (const { Properties } of resourcesOf(fabrikam, "AWS::Lambda::Function")) {
    expect(Properties.Environment.Variables).toMatchObject({
      GATEWAY_TENANT: "fabrikam",
      GATEWAY_USER_SOURCE: "users",
      GATEWAY_USER_INCLUDE: "shared",
    });
  }
});

test("gives every queue a dead-letter queue of its kind, which keeps messages longer", () => {
  const sources = queues.filter(({ Properties }) => Properties.RedrivePolicy);

  for (const { Properties } of sources) {
    const target = byAttribute(Properties.RedrivePolicy.deadLetterTargetArn);
    expect(target?.Properties.FifoQueue).toBe(Properties.FifoQueue);
    expect(target?.Properties.MessageRetentionPeriod).toBeGreaterThan(Properties.MessageRetentionPeriod);
  }
  expect(sources.map(({ Properties }) => Properties.QueueName.replace("exchange-online-gateway-contoso-", ""))).toEqual(
    ["add-group-members.fifo", "create-group.fifo", "expand-audience", "results"],
  );
});

test.each(Object.entries(queueFunctions))("gives %s one message at a time, and time to end with it", (name, facts) => {
  const reader = functions.find((each) => nameOfFunction(each) === name);
  const mapping = resourcesOf(contoso, "AWS::Lambda::EventSourceMapping").find(
    ({ Properties }) => Properties.FunctionName.Ref === reader?.id,
  )?.Properties;
  const queue = byAttribute(mapping.EventSourceArn)?.Properties;

  expect(mapping).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ["ReportBatchItemFailures"] });
  expect(mapping.ScalingConfig.MaximumConcurrency).toBe(facts.maxConcurrency);
  expect(queue.QueueName).toContain(name);
  expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * reader?.Properties.Timeout);
  expect(queue.RedrivePolicy.maxReceiveCount).toBe(maxReceiveCount);
});

test.each([
  [contoso, "ingest-users", "cron(0 */4 * * ? *)", "UTC", '{"scheduledTime":"<aws.scheduler.scheduled-time>"}'],
  [contoso, "ingest-groups", "cron(30 */12 * * ? *)", "UTC", '{"scheduledTime":"<aws.scheduler.scheduled-time>"}'],
  [contoso, "validate-credentials", "cron(15 6 * * ? *)", "UTC", "{}"],
  [fabrikam, "ingest-users", "cron(0 */6 * * ? *)", "Europe/Berlin", expect.anything()],
])("begins a function when its tenant says: %#", (tenant, name, expression, timeZone, input) => {
  const schedule = resourcesOf(tenant, "AWS::Scheduler::Schedule").find(({ Properties }) =>
    Properties.Name.endsWith(`-${name}`),
  )?.Properties;

  expect(schedule).toMatchObject({
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timeZone,
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
    Target: { Input: input, DeadLetterConfig: expect.anything() },
  });
});

test("keeps what failed each time after a schedule began it", () => {
  const configurations = resourcesOf(contoso, "AWS::Lambda::EventInvokeConfig");

  expect(configurations).toHaveLength(3);
  for (const { Properties } of configurations) {
    const { Destination } = Properties.DestinationConfig.OnFailure;
    expect(byAttribute(Destination)?.Properties.QueueName).toBe("exchange-online-gateway-contoso-failed-invocations");
    expect(Properties).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 });
  }
});

test("lets objects grow old by their prefix, those that say what is published never", () => {
  const bucket = resourcesOf(contoso, "AWS::S3::Bucket").find(({ Properties }) => Properties.VersioningConfiguration);
  const rules: { Prefix?: string; ExpirationInDays?: number }[] = bucket?.Properties.LifecycleConfiguration.Rules;
  const days = (key: string) =>
    rules.filter(({ Prefix = "" }) => key.startsWith(Prefix)).flatMap(({ ExpirationInDays = [] }) => ExpirationInDays);

  expect(days("snapshots/users/runs/2026/01/31/x/manifest.json")).toEqual([90]);
  expect(days("snapshots/groups/runs/2026/01/31/x/manifest.json")).toEqual([90]);
  expect(days("operations/x.json")).toEqual([90]);
  expect(days("audiences/x/y/manifest.json")).toEqual([90]);
  expect(days("answers/x.json.gz")).toEqual([7]);
  expect(days("snapshots/users/latest.json")).toEqual([]);
});

test("keeps the tenant's objects and credential when the stack is deleted", () => {
  const kept = resourcesOf(contoso).filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith("Retain"));

  expect(kept.map(({ Type }) => Type).sort()).toEqual([
    "AWS::S3::Bucket",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
  ]);
});

test("begins with a secret of the right names, whose values are none", () => {
  const [secret] = resourcesOf(contoso, "AWS::SecretsManager::Secret");

  expect(Object.keys(JSON.parse(secret?.Properties.SecretString))).toEqual([
    "app_id",
    "tenant_domain",
    "certificate",
    "certificate_password",
    "certificate_expires_on",
  ]);
});

test("offers saved test events at each function", () => {
  const schemas = resourcesOf(contoso, "AWS::EventSchemas::Schema").map(({ Properties }) => Properties);
  const [users] = schemas.filter(({ SchemaName }) => SchemaName.includes("ingest-users"));

  expect(schemas.map(({ SchemaName }) => SchemaName).sort()).toEqual(
    functions.map((each) => `_exchange-online-gateway-contoso-${nameOfFunction(each)}-schema`).sort(),
  );
  expect(users).toMatchObject({ RegistryName: "lambda-testevent-schemas", Type: "OpenApi3" });
  expect(JSON.parse(users.Content).components.examples).toEqual({
    "run-now": { value: {} },
    "dry-run": { value: { dryRun: true } },
  });
});

test("adds the registry of saved test events once in a region, or leaves it to somebody else", () => {
  const own = synthesize({ createTestEventRegistry: "false" });
  const registries = (of: typeof assembly) =>
    of.stacks.flatMap(({ template }) => resourcesOf(template, "AWS::EventSchemas::Registry"));

  expect(registries(assembly)).toHaveLength(1);
  expect(registries(own.assembly)).toHaveLength(0);
});

/** The images of a tenant, as the command `cdk` is told to build them. */
function imagesOf(
  { directory }: typeof assembly,
  tenant: string,
): { source: { platform: string; dockerBuildArgs?: unknown } }[] {
  const manifest = readFileSync(join(directory, `exchange-online-gateway-${tenant}.assets.json`), "utf8");
  return Object.values(JSON.parse(manifest).dockerImages);
}

function nameOfFunction({ Properties }: Resource): string {
  return Properties.FunctionName.replace("exchange-online-gateway-contoso-", "");
}

/** The resource that an ARN in the template is of. */
function byAttribute(arn: { "Fn::GetAtt": [string, string] }): Resource | undefined {
  return resourcesOf(contoso).find(({ id }) => id === arn["Fn::GetAtt"][0]);
}

/** What a value of the template comes to when it is deployed, as far as it matters here. */
function plain(value: unknown): string {
  if (typeof value === "string") return value;
  const reference = (value as { Ref: string }).Ref;
  return reference.includes("results") ? "https://sqs.eu-central-1.amazonaws.com/111122223333/results" : reference;
}
