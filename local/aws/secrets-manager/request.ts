import * as z from "zod";
import { SecretsError } from "#local/aws/secrets-manager/secrets-error";

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
