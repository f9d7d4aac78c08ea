import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Match, Template } from "aws-cdk-lib/assertions";
import { afterAll, expect, test } from "vitest";
import { gatewayFunctions, type ObjectAccess } from "#functions/facts";
import { root } from "#test/support/repository";
import { removeOutdirs, resourcesOf, synthesize } from "#test/support/synthesize";

afterAll(removeOutdirs);

type Statement = {
  Action: string | string[];
  Resource: unknown;
  Effect: string;
  Condition?: unknown;
  Principal?: unknown;
};

const page = readFileSync(join(root, "docs/operations.md"), "utf8");
const permissions = (page.split("\n## Permissions\n")[1] ?? "").split("\n## ")[0]?.split("\n") ?? [];
const { app, template } = synthesize();
const contoso = template("contoso");
const bucketId = idOf("AWS::S3::Bucket", ({ VersioningConfiguration }) => VersioningConfiguration);
const secretId = idOf("AWS::SecretsManager::Secret", () => true);

test("allows no action by a wildcard", () => {
  const actions = [...allPolicies(), ...resourcePolicies()]
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(actionsOf);

  expect(actions.length).toBeGreaterThan(50);
  expect(actions.filter((action) => action.includes("*"))).toEqual([]);
});

test("names each resource that a role may use, with a wildcard for the keys below a prefix alone", () => {
  const resources = allPolicies().flatMap(({ Resource }) => [Resource].flat());
  const wild = resources.map((resource) => JSON.stringify(resource)).filter((resource) => resource.includes("*"));

  expect(wild.length).toBeGreaterThan(0);
  for (const resource of wild) expect(resource).toMatch(new RegExp(`"${bucketId}","Arn".*"/[a-z]+/([a-z]+/)?\\*"`));
});

test("reaches only what is the tenant's own: nothing by a name that another tenant's could have", () => {
  const literal = allPolicies()
    .flatMap(({ Resource }) => [Resource].flat())
    .filter((resource) => typeof resource === "string" || !/"(Ref|Fn::GetAtt)"/.test(JSON.stringify(resource)));

  expect(literal).toEqual([]);
  expect(JSON.stringify(contoso)).not.toContain("fabrikam");
  expect(JSON.stringify(template("fabrikam"))).not.toMatch(/exchange-online-gateway-contoso/);
});

test("gives each function a role of its own", () => {
  const roles = resourcesOf(contoso, "AWS::Lambda::Function").map(({ Properties }) => Properties.Role["Fn::GetAtt"][0]);

  expect(new Set(roles).size).toBe(Object.keys(gatewayFunctions).length);
});

test.each([
  ["ingest-users", ["snapshots/users/*"], ["snapshots/users/*"]],
  ["ingest-groups", ["snapshots/groups/*"], ["snapshots/groups/*"]],
  ["validate-credentials", [], []],
  ["add-group-members", ["operations/*"], ["operations/*"]],
  ["create-group", ["operations/*"], ["operations/*"]],
  ["expand-audience", ["audiences/*", "operations/*"], ["audiences/*", "operations/*"]],
  ["list-group-members", [], ["answers/*"]],
  ["find-group-owners", [], []],
])("lets %s read %j and write %j of the bucket", (name, read, written) => {
  const statements = statementsOf(name);
  const prefixes = (action: string) =>
    statements
      .filter((statement) => actionsOf(statement).includes(action))
      .flatMap(({ Resource }) => [Resource].flat())
      .map((resource) => /"\/([a-z/]+\*)"/.exec(JSON.stringify(resource))?.[1])
      .sort();
  const listed = statements.filter((statement) => actionsOf(statement).includes("s3:ListBucket"));

  expect(prefixes("s3:GetObject")).toEqual(read);
  expect(prefixes("s3:PutObject")).toEqual(written);
  expect(listed.map(({ Condition }) => Condition)).toEqual(
    expect.arrayContaining(read.map((prefix) => ({ StringLike: { "s3:prefix": prefix } }))),
  );
  expect(listed).toHaveLength(read.length);
});

test.each(Object.keys(gatewayFunctions))("lets %s read the tenant's secret, and write none", (name) => {
  const actions = statementsOf(name)
    .flatMap(actionsOf)
    .filter((action) => action.startsWith("secretsmanager:"));
  const [statement] = statementsOf(name).filter((each) => actionsOf(each).includes("secretsmanager:GetSecretValue"));

  expect(actions).toEqual(["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]);
  expect(statement?.Resource).toEqual({ Ref: secretId });
});

test.each(Object.entries(gatewayFunctions))("tells operators what %s reads and writes", (name, { objects }) => {
  const row = permissions.find((line) => line.startsWith("| `") && line.includes(`\`${name}\``)) ?? "";
  const [, , read, written] = row
    .split("|")
    .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, prefix]) => prefix));
  const accesses: [string, ObjectAccess][] = Object.entries(objects);

  expect(read).toEqual(accesses.filter(([, access]) => access !== "write").map(([prefix]) => prefix));
  expect(written).toEqual(accesses.filter(([, access]) => access !== "read").map(([prefix]) => prefix));
});

test("lets the scheduler invoke one function by each of its roles", () => {
  const roles = resourcesOf(contoso, "AWS::IAM::Role").filter(({ Properties }) => Properties.Policies);
  const invoked = roles.map(({ Properties }) => Properties.Policies[0].PolicyDocument.Statement[0].Resource);

  expect(invoked).toHaveLength(3);
  expect(new Set(invoked.map((resource) => resource["Fn::GetAtt"][0])).size).toBe(3);
});

test("lets the bot ask, receive and read, and write no object", () => {
  const [policy] = resourcesOf(contoso, "AWS::IAM::ManagedPolicy");
  const actions = new Set<string>(policy?.Properties.PolicyDocument.Statement.flatMap(actionsOf));

  expect([...actions].filter((action) => /Put|Delete(?!Message)|secretsmanager|kms/.test(action))).toEqual([]);
  expect([...actions]).toEqual(expect.arrayContaining(["lambda:InvokeFunction", "s3:GetObject", "sqs:SendMessage"]));
});

test("keeps everything from the public, and from whoever does not come by TLS", () => {
  const stack = Template.fromJSON(contoso);
  const denied = resourcePolicies().filter(({ Effect }) => Effect === "Deny");
  const open = resourcePolicies().filter(({ Effect, Principal }) => Effect === "Allow" && isEverybody(Principal));

  stack.allResourcesProperties("AWS::S3::Bucket", {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  stack.resourceCountIs("AWS::Lambda::Url", 0);
  stack.resourceCountIs("AWS::Lambda::Permission", 0);
  expect(open).toEqual([]);
  expect(denied.filter(({ Condition }) => JSON.stringify(Condition).includes("aws:SecureTransport")).length).toBe(12);
  stack.allResourcesProperties("AWS::SQS::Queue", Match.objectLike({ SqsManagedSseEnabled: true }));
});

test("acknowledges twelve findings of cdk-nag a tenant: one a granted prefix, and that of the secret and the dead letters", () => {
  const acknowledged = app.node
    .findAll()
    .filter(({ node }) => node.path.startsWith("exchange-online-gateway-contoso/"))
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === "aws:cdk:acknowledged-rules"))
    .flatMap(({ data }) => Object.keys(data));
  const wildcards = acknowledged.filter((id) => id.includes("AwsSolutions-IAM5[Resource::<"));

  expect(acknowledged).toHaveLength(12);
  expect(wildcards).toHaveLength(10);
});

function statementsOf(name: string): Statement[] {
  const lambda = resourcesOf(contoso, "AWS::Lambda::Function").find(({ Properties }) =>
    Properties.FunctionName.endsWith(`-contoso-${name}`),
  );
  const role = lambda?.Properties.Role["Fn::GetAtt"][0];
  return resourcesOf(contoso, "AWS::IAM::Policy")
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/** What roles, and whoever has the bot's policy, may do. */
function allPolicies(): Statement[] {
  const attached = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"].flatMap((type) => resourcesOf(contoso, type));
  const inline = resourcesOf(contoso, "AWS::IAM::Role").flatMap(({ Properties }) => Properties.Policies ?? []);
  return [
    ...attached.flatMap(({ Properties }) => Properties.PolicyDocument.Statement),
    ...inline.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
  ];
}

/** Who may use buckets, queues and the topic. The key's own is for its account, as AWS has it. */
function resourcePolicies(): Statement[] {
  return ["AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"]
    .flatMap((type) => resourcesOf(contoso, type))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

function isEverybody(principal: unknown): boolean {
  return JSON.stringify(principal).includes('"*"');
}

function actionsOf({ Action }: Statement): string[] {
  return [Action].flat();
}

// biome-ignore lint/suspicious/noExplicitAny: what CloudFormation takes has no type
function idOf(type: string, is: (properties: any) => unknown): string {
  return resourcesOf(contoso, type).find(({ Properties }) => is(Properties))?.id ?? "";
}
