import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalSecretsManager, startSecretsManager } from "#local/aws/secrets-manager";

let server: LocalSecretsManager;
let client: SecretsManagerClient;

beforeEach(async () => {
  server = await startSecretsManager();
  client = new SecretsManagerClient({
    endpoint: server.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});

afterEach(() => server.stop());

test("gives the current version and the one before it, by name and by ARN", async () => {
  const { ARN } = await client.send(new CreateSecretCommand({ Name: "a/b", SecretString: "old" }));
  await client.send(new PutSecretValueCommand({ SecretId: "a/b", SecretString: "new" }));

  const current = await client.send(new GetSecretValueCommand({ SecretId: ARN }));
  const previous = await client.send(new GetSecretValueCommand({ SecretId: "a/b", VersionStage: "AWSPREVIOUS" }));

  expect([current.SecretString, previous.SecretString]).toEqual(["new", "old"]);
  expect(current.VersionStages).toEqual(["AWSCURRENT"]);
});

test("refuses a secret that is not there and one that is there already", async () => {
  server.putSecret("a", "1");

  await expect(client.send(new GetSecretValueCommand({ SecretId: "b" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await expect(client.send(new CreateSecretCommand({ Name: "a" }))).rejects.toMatchObject({
    name: "ResourceExistsException",
  });
});
