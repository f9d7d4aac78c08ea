import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LocalSecretsManager, startSecretsManager } from "#local/aws/secrets-manager";
import { createSecretReader } from "#storage/secrets";
import { credentials } from "#test/support/credentials";

let server: LocalSecretsManager;

beforeEach(async () => {
  server = await startSecretsManager({ credentials });
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);
  vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", server.url);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

test("reads what the secret holds now, and what it held before", async () => {
  server.putSecret("a", "1");
  const read = createSecretReader("a");
  const texts = [await read()];

  server.putSecret("a", "2");
  texts.push(await read(), await read("AWSPREVIOUS"));

  expect(texts).toEqual(["1", "2", "1"]);
});

test("says that there is no such secret, and no version before the first", async () => {
  server.putSecret("a", "1");

  await expect(createSecretReader("b")()).rejects.toMatchObject({ code: "SECRET_NOT_FOUND" });
  await expect(createSecretReader("a")("AWSPREVIOUS")).rejects.toMatchObject({ code: "SECRET_NOT_FOUND" });
});

test("says that a secret holds no text", async () => {
  const client = new SecretsManagerClient();
  await client.send(new CreateSecretCommand({ Name: "a", SecretBinary: Uint8Array.of(1) }));
  client.destroy();

  await expect(createSecretReader("a")()).rejects.toMatchObject({ code: "SECRET_UNREADABLE", retryable: false });
});

test("tells a refusal, which lasts, from trouble, which passes", async () => {
  server.putSecret("a", "1");
  const read = createSecretReader("a");

  server.faults.add({ kind: "accessDenied", times: 1 });
  await expect(read()).rejects.toMatchObject({ code: "SECRET_UNREADABLE", retryable: false });
  server.faults.clear();
  server.faults.add({ kind: "internalError" });
  await expect(read()).rejects.toMatchObject({ code: "SECRET_UNREADABLE", retryable: true });
});

test("asks again where the connection is dead", async () => {
  server.putSecret("a", "1");
  const read = createSecretReader("a");
  await read();

  server.faults.add({ kind: "dropBefore", times: 1 });

  expect(await read()).toBe("1");
});
