import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalSecretsManager, startSecretsManager } from "#local/aws/secrets-manager";
import { credentials } from "#test/support/credentials";

const token = "11111111-2222-3333-4444-555555555555";

let server: LocalSecretsManager;
let client: SecretsManagerClient;

beforeEach(async () => {
  server = await startSecretsManager({ credentials });
  client = new SecretsManagerClient({
    endpoint: server.url,
    region: "eu-central-1",
    credentials,
    maxAttempts: 2,
  });
});

afterEach(async () => {
  client.destroy();
  await server.stop();
});

test("gives the current value, and the one before it by its stage or its version, by name and by ARN", async () => {
  const { ARN, VersionId } = await client.send(new CreateSecretCommand({ Name: "a/b", SecretString: "old" }));
  await client.send(new PutSecretValueCommand({ SecretId: "a/b", SecretString: "new" }));

  const current = await read(ARN);
  const previous = await read("a/b", { VersionStage: "AWSPREVIOUS" });
  const first = await read("a/b", { VersionId });

  expect([current.SecretString, previous.SecretString, first.SecretString]).toEqual(["new", "old", "old"]);
  expect([current.VersionStages, previous.VersionStages]).toEqual([["AWSCURRENT"], ["AWSPREVIOUS"]]);
  expect(previous.VersionId).toBe(VersionId);
});

test("keeps binary values as they are", async () => {
  const SecretBinary = Uint8Array.of(0, 255, 1);
  await client.send(new CreateSecretCommand({ Name: "a", SecretBinary }));

  expect(await read("a")).toMatchObject({ SecretBinary });
});

test("takes a repeated request as the version it made, and refuses its token with another value", async () => {
  server.putSecret("a", "1");
  const put = (SecretString: string) =>
    client.send(new PutSecretValueCommand({ SecretId: "a", SecretString, ClientRequestToken: token }));

  await put("2");
  await put("2");

  expect((await read("a", { VersionStage: "AWSPREVIOUS" })).SecretString).toBe("1");
  await expect(put("3")).rejects.toMatchObject({ name: "ResourceExistsException" });
});

test("replaces a value that is put for a developer", async () => {
  server.putSecret("a", "1");
  server.putSecret("a", "2");

  expect((await read("a")).SecretString).toBe("2");
});

test.each([
  {
    trouble: "a secret that is not there",
    command: new GetSecretValueCommand({ SecretId: "b" }),
    name: "ResourceNotFoundException",
  },
  {
    trouble: "a version that is not there",
    command: new GetSecretValueCommand({ SecretId: "a", VersionStage: "AWSPREVIOUS" }),
    name: "ResourceNotFoundException",
  },
  { trouble: "a name that is taken", command: new CreateSecretCommand({ Name: "a" }), name: "ResourceExistsException" },
  {
    trouble: "a value that is none",
    command: new PutSecretValueCommand({ SecretId: "a" }),
    name: "InvalidRequestException",
  },
  {
    trouble: "a parameter it would pass over",
    command: new CreateSecretCommand({ Name: "b", KmsKeyId: "key" }),
    name: "InvalidParameterException",
  },
  {
    trouble: "an action it does not know",
    command: new DeleteSecretCommand({ SecretId: "a" }),
    name: "UnknownOperationException",
  },
])("refuses $trouble", async ({ command, name }) => {
  server.putSecret("a", "1");

  await expect(client.send(command as GetSecretValueCommand)).rejects.toMatchObject({ name });
});

test("finds no value in a secret that was made without one", async () => {
  await client.send(new CreateSecretCommand({ Name: "empty" }));

  await expect(read("empty")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test.each([
  { kind: "accessDenied", name: "AccessDeniedException" },
  { kind: "internalError", name: "InternalServiceError" },
] as const)("answers $name on demand", async ({ kind, name }) => {
  server.putSecret("a", "1");
  server.faults.add({ kind, target: "GetSecretValue" });

  await expect(read("a")).rejects.toMatchObject({ name });
});

function read(SecretId: string | undefined, options: { VersionId?: string | undefined; VersionStage?: string } = {}) {
  return client.send(new GetSecretValueCommand({ SecretId, ...options }));
}
