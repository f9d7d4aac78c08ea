import { randomBytes, randomUUID } from "node:crypto";
import type { SecretsRequest } from "#local/aws/secrets-manager/request";
import { SecretsError } from "#local/aws/secrets-manager/secrets-error";

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
