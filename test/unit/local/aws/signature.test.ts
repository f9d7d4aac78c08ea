import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startS3 } from "#local/aws/s3/server";
import { startSecretsManager } from "#local/aws/secrets-manager";
import { computeSignature, createCredentials } from "#local/aws/signature";
import { createSqsClient, startSqs } from "#local/aws/sqs";
import { makeMemoryFolder } from "#test/support/memory-folder";
import { signHeaders } from "#test/support/signed-fetch";

const credentials = createCredentials();
const region = "eu-central-1";

let doors: Awaited<ReturnType<typeof openDoors>>;

beforeEach(async () => {
  doors = await openDoors();
});

afterEach(() => doors.stop());

test("makes another key for each run", () => {
  const { accessKeyId, secretAccessKey } = createCredentials();

  expect(accessKeyId).toMatch(/^[A-Z0-9]{16,128}$/);
  expect(secretAccessKey).toMatch(/^[\w-]{40}$/);
  expect([accessKeyId, secretAccessKey]).not.toContain(credentials.accessKeyId);
  expect([accessKeyId, secretAccessKey]).not.toContain(credentials.secretAccessKey);
});

test("computes the signature of AWS's own example", () => {
  const request = {
    method: "GET",
    url: "/?Action=ListUsers&Version=2010-05-08",
    headers: {
      host: "iam.amazonaws.com",
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "x-amz-date": "20150830T123600Z",
    },
    body: Buffer.alloc(0),
  };
  const signing = {
    scope: "20150830/us-east-1/iam/aws4_request",
    signedHeaders: "content-type;host;x-amz-date",
  };

  const signature = computeSignature(request, signing, {
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  });

  expect(signature).toBe("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
});

test("serves who has the key, at every door", async () => {
  const { call } = doors;

  await expect(call.s3(credentials)).resolves.toMatchObject({ KeyCount: 0 });
  await expect(call.secretsManager(credentials)).resolves.toMatchObject({ SecretString: "the secret" });
  await expect(call.sqs(credentials)).resolves.toMatchObject({ MessageId: expect.any(String) });
});

test.each([
  { door: "s3", whose: "nobody's", change: { accessKeyId: "another" }, name: "InvalidAccessKeyId", status: 403 },
  { door: "s3", whose: "another's", change: { secretAccessKey: "x" }, name: "SignatureDoesNotMatch", status: 403 },
  ...(["secretsManager", "sqs"] as const).flatMap((door) => [
    { door, whose: "nobody's", change: { accessKeyId: "x" }, name: "UnrecognizedClientException", status: 400 },
    { door, whose: "another's", change: { secretAccessKey: "x" }, name: "InvalidSignatureException", status: 400 },
  ]),
] as const)("refuses $whose signature at $door by $name", async ({ door, change, name, status }) => {
  await expect(doors.call[door]({ ...credentials, ...change })).rejects.toMatchObject({
    name,
    $metadata: { httpStatusCode: status },
  });
});

const paths = ["/", "/bucket?list-type=2", "/bucket/key", "/health", "/_fauxqs/queues", "/no/such/path"];

test.each(paths)("refuses %s to who has signed nothing or in the URL alone, at every door", async (path) => {
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credentials.accessKeyId}&X-Amz-Signature=${"0".repeat(64)}`;
  const { s3, secretsManager, sqs } = doors.urls;

  for (const url of [path, `${path}${path.includes("?") ? "&" : "?"}${query}`]) {
    for (const method of ["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS"]) {
      const answers = await Promise.all([s3, secretsManager, sqs].map((door) => fetch(`${door}${url}`, { method })));

      expect([method, ...answers.map(({ status }) => status)]).toEqual([method, 403, 400, 400]);
    }
  }
});

test.each([
  { what: "path", change: { url: "/bucket/other" } },
  { what: "query", change: { url: "/bucket/key?x=1" } },
  { what: "method", change: { method: "DELETE" } },
  { what: "body", change: { body: "2" } },
  { what: "header", change: { header: "2" } },
])("refuses a signature that was made for another $what", async ({ change }) => {
  const { host } = new URL(doors.urls.s3);
  const signed = { method: "PUT", url: "/bucket/key", body: "1", header: "1", ...change };
  const headers = signHeaders({ ...signed, headers: { host, "content-type": signed.header } }, credentials);
  const sent = { method: "PUT", body: "1", headers: { ...headers, "content-type": "1" } };

  const answer = await fetch(`${doors.urls.s3}/bucket/key`, sent);

  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("SignatureDoesNotMatch")]);
});

async function openDoors() {
  const folder = makeMemoryFolder("signature-test-");
  const secretsManager = await startSecretsManager({ credentials });
  const s3 = await startS3({ folder, buckets: ["bucket"], credentials });
  const sqs = await startSqs({ credentials });
  secretsManager.putSecret("id", "the secret");
  const urls = { s3: s3.url, secretsManager: secretsManager.url, sqs: sqs.url };
  type Key = typeof credentials;
  return {
    urls,
    call: {
      s3: (key: Key) => {
        const client = new S3Client({
          endpoint: s3.url,
          region,
          credentials: key,
          forcePathStyle: true,
          maxAttempts: 1,
        });
        return client.send(new ListObjectsV2Command({ Bucket: "bucket", Prefix: "a b/ü+&=~*'()", Delimiter: "/" }));
      },
      secretsManager: (key: Key) => {
        const client = new SecretsManagerClient({
          endpoint: secretsManager.url,
          region,
          credentials: key,
          maxAttempts: 1,
        });
        return client.send(new GetSecretValueCommand({ SecretId: "id" }));
      },
      sqs: (key: Key) => {
        const client = createSqsClient({ sqs: sqs.url, ...key });
        return client.send(new SendMessageCommand({ QueueUrl: sqs.queues.results, MessageBody: "ü" }));
      },
    },
    stop: () => Promise.all([s3.stop(), secretsManager.stop(), sqs.stop()]),
  };
}
