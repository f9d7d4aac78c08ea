import { randomBytes, randomUUID } from "node:crypto";
import * as z from "zod";

/** Secrets Manager's own codes and words. */
const errors = {
  AccessDeniedException: [400, "You are not authorized to perform this action on the secret."],
  InternalServiceError: [500, "An error occurred on the server side."],
  InvalidParameterException: [400, "The parameter name or value is invalid."],
  InvalidRequestException: [400, "The parameter value is not valid for the current state of the resource."],
  ResourceExistsException: [400, "The operation failed because the secret already exists."],
  ResourceNotFoundException: [400, "Secrets Manager can't find the specified secret."],
  SerializationException: [400, "The request could not be read."],
  ThrottlingException: [400, "Rate exceeded"],
  UnknownOperationException: [400, "This Secrets Manager does not implement the action."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type SecretsErrorCode = keyof typeof errors;

export class SecretsError extends Error {
  readonly code: SecretsErrorCode;
  readonly status: number;

  constructor(code: SecretsErrorCode, message: string = errors[code][1]) {
    super(message);
    this.code = code;
    this.status = errors[code][0];
  }
}

const value = {
  SecretString: z.string().optional(),
  SecretBinary: z.base64().optional(),
  ClientRequestToken: z.string().min(32).max(64).optional(),
};

/** What each action takes. A parameter that is not here would be passed over in silence, so it is refused. */
const requestSchemas = {
  CreateSecret: z.strictObject({
    Name: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/),
    Description: z.string().optional(),
    ...value,
  }),
  PutSecretValue: z.strictObject({ SecretId: z.string().min(1), ...value }),
  GetSecretValue: z.strictObject({
    SecretId: z.string().min(1),
    VersionId: z.string().optional(),
    VersionStage: z.string().optional(),
  }),
};

export type SecretsAction = keyof typeof requestSchemas;
export type SecretsRequest<Action extends SecretsAction> = z.infer<(typeof requestSchemas)[Action]>;

/** Throws a SecretsError that names what is wrong, never a value. */
export function readRequest<Action extends SecretsAction>(action: Action, body: Buffer): SecretsRequest<Action> {
  const parsed = requestSchemas[action].safeParse(parseJson(body));
  if (!parsed.success) throw new SecretsError("InvalidParameterException", z.prettifyError(parsed.error));
  return parsed.data as SecretsRequest<Action>;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new SecretsError("SerializationException");
  }
}

type Stage = "AWSCURRENT" | "AWSPREVIOUS";
type Value = { SecretString?: string | undefined; SecretBinary?: string | undefined };
type Version = { id: string; value: Value; createdAt: number; stages: Stage[] };
type Secret = { arn: string; name: string; versions: Map<string, Version> };

const arnPrefix = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:";

/** The secrets with their versions, of which one is AWSCURRENT and the one before it AWSPREVIOUS. */
export class SecretStore {
  readonly #secrets = new Map<string, Secret>();

  /** A secret may be made without a value; it has none then until one is put. */
  create({ Name, ClientRequestToken, ...request }: SecretsRequest<"CreateSecret">): object {
    if (this.#secrets.has(Name)) throw new SecretsError("ResourceExistsException");
    const arn = `${arnPrefix}${Name}-${randomBytes(3).toString("hex")}`;
    const secret: Secret = { arn, name: Name, versions: new Map() };
    this.#secrets.set(Name, secret);
    if (request.SecretString === undefined && request.SecretBinary === undefined) return { ARN: arn, Name };
    const { id } = addVersion(secret, request, ClientRequestToken);
    return { ARN: arn, Name, VersionId: id };
  }

  put({ SecretId, ClientRequestToken, ...request }: SecretsRequest<"PutSecretValue">): object {
    const secret = this.#find(SecretId);
    const { id, stages } = addVersion(secret, request, ClientRequestToken);
    return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stages };
  }

  get({ SecretId, VersionId, VersionStage }: SecretsRequest<"GetSecretValue">): object {
    const { arn, name, versions } = this.#find(SecretId);
    const stage = VersionStage ?? (VersionId === undefined ? "AWSCURRENT" : undefined);
    const version = [...versions.values()].find(
      ({ id, stages }) => id === (VersionId ?? id) && (stage === undefined || stages.some((one) => one === stage)),
    );
    if (!version) {
      const asked = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`;
      const message = `Secrets Manager can't find the specified secret value for ${asked}`;
      throw new SecretsError("ResourceNotFoundException", message);
    }
    const { id, value, createdAt, stages } = version;
    return { ARN: arn, Name: name, VersionId: id, VersionStages: stages, CreatedDate: createdAt, ...value };
  }

  /** Gives a secret its text, whether there is such a secret or not. */
  set(name: string, text: string): void {
    if (this.#secrets.has(name)) this.put({ SecretId: name, SecretString: text });
    else this.create({ Name: name, SecretString: text });
  }

  #find(id: string): Secret {
    const found = this.#secrets.get(id) ?? [...this.#secrets.values()].find(({ arn }) => arn === id);
    if (!found) throw new SecretsError("ResourceNotFoundException");
    return found;
  }
}

/** A request that comes again with its token is the same version; with another value it is refused. */
function addVersion({ versions }: Secret, value: Value, token: string = randomUUID()): Version {
  if ((value.SecretString === undefined) === (value.SecretBinary === undefined)) {
    throw new SecretsError("InvalidRequestException", "You must provide either SecretString or SecretBinary.");
  }
  const repeated = versions.get(token);
  if (repeated) {
    if (isSame(repeated.value, value)) return repeated;
    throw new SecretsError("ResourceExistsException", "A version with this token and another value exists.");
  }
  for (const version of versions.values()) {
    version.stages = version.stages.includes("AWSCURRENT") ? ["AWSPREVIOUS"] : [];
  }
  const added: Version = { id: token, value, createdAt: Date.now() / 1000, stages: ["AWSCURRENT"] };
  versions.set(token, added);
  return added;
}

function isSame(one: Value, other: Value): boolean {
  return one.SecretString === other.SecretString && one.SecretBinary === other.SecretBinary;
}
