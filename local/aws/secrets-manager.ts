import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { type AwsFaults, createFaults } from "#local/aws/faults";
import { type Answer, startHttpServer } from "#local/aws/http-server";

export type LocalSecretsManager = {
  url: string;
  faults: AwsFaults;
  /** Stores a secret's value, as CreateSecret or PutSecretValue would. */
  putSecret(name: string, text: string): void;
  stop(): Promise<void>;
};

type Version = { id: string; text: string; createdAt: number };
type Secret = { arn: string; current: Version; previous?: Version };

const requestSchema = z.object({
  Name: z.string().optional(),
  SecretId: z.string().optional(),
  SecretString: z.string().optional(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});

/** Secrets Manager's CreateSecret, PutSecretValue and GetSecretValue. Values are kept in memory alone. */
export async function startSecretsManager(): Promise<LocalSecretsManager> {
  const secrets = new Map<string, Secret>();
  const faults = createFaults();
  const server = await startHttpServer({
    faults,
    targetOf: actionOf,
    errorAnswer,
    answer: (request, body) => answer(secrets, actionOf(request), body),
  });
  return { ...server, faults, putSecret: (name, text) => void put(secrets, name, text) };
}

function actionOf(request: IncomingMessage): string {
  return String(request.headers["x-amz-target"] ?? "").replace("secretsmanager.", "");
}

function answer(secrets: Map<string, Secret>, action: string, body: Buffer): Answer {
  const request = requestSchema.parse(JSON.parse(body.toString("utf8")));
  const name = nameOf(request.SecretId ?? request.Name ?? "");
  if (action === "CreateSecret") {
    if (secrets.has(name)) return errorAnswer(400, "ResourceExistsException", `The secret ${name} already exists.`);
    return described(name, put(secrets, name, request.SecretString ?? ""));
  }
  const secret = secrets.get(name);
  if (!secret) return errorAnswer(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  if (action === "PutSecretValue") return described(name, put(secrets, name, request.SecretString ?? ""));
  if (action === "GetSecretValue") return getValue(name, secret, request);
  return errorAnswer(501, "NotImplemented", `This Secrets Manager does not implement ${action}.`);
}

function put(secrets: Map<string, Secret>, name: string, text: string): Secret {
  const before = secrets.get(name);
  const arn =
    before?.arn ?? `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${name}-${randomUUID().slice(0, 6)}`;
  const current = { id: randomUUID(), text, createdAt: Date.now() / 1000 };
  const secret = { arn, current, ...(before ? { previous: before.current } : {}) };
  secrets.set(name, secret);
  return secret;
}

function getValue(name: string, { arn, current, previous }: Secret, request: z.infer<typeof requestSchema>): Answer {
  const staged = request.VersionStage === "AWSPREVIOUS" ? previous : current;
  const version =
    request.VersionId === undefined ? staged : [current, previous].find((one) => one?.id === request.VersionId);
  if (!version)
    return errorAnswer(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret value.");
  return json(200, {
    ARN: arn,
    Name: name,
    VersionId: version.id,
    VersionStages: [version === current ? "AWSCURRENT" : "AWSPREVIOUS"],
    SecretString: version.text,
    CreatedDate: version.createdAt,
  });
}

/** A secret's ARN ends in its name and six characters. */
function nameOf(id: string): string {
  return /^arn:aws:secretsmanager:[^:]+:\d+:secret:(.+)-\w{6}$/.exec(id)?.[1] ?? id;
}

function described(name: string, { arn, current }: Secret): Answer {
  return json(200, { ARN: arn, Name: name, VersionId: current.id, VersionStages: ["AWSCURRENT"] });
}

function errorAnswer(status: number, code: string, message: string): Answer {
  return json(status, { __type: code, message });
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify(body) };
}
