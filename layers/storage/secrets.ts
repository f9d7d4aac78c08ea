import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ExchangeError } from "#runtime/errors";

/** The version of a secret that counts, and the one that counted before it. */
export type SecretStage = "AWSCURRENT" | "AWSPREVIOUS";

/**
 * Answers a function that asks Secrets Manager for the secret's text, each time. It throws `SECRET_NOT_FOUND` or
 * `SECRET_UNREADABLE`.
 */
export function createSecretReader(secretId: string): (stage?: SecretStage) => Promise<string> {
  const client = createClient();

  return async (stage = "AWSCURRENT") => {
    const { SecretString: text } = await client
      .send(new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage }))
      .catch((error) => Promise.reject(secretError(secretId, error)));
    if (text) return text;
    throw new ExchangeError(
      "SECRET_UNREADABLE",
      `The secret ${secretId} holds no text. Store the credential's JSON in it as a string, not as binary.`,
      { retryable: false },
    );
  };
}

/** A connection may be dead: Lambda freezes an environment between invocations. */
function createClient(): SecretsManagerClient {
  return new SecretsManagerClient({
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
}

function secretError(secretId: string, cause: unknown): ExchangeError {
  const name = cause instanceof Error ? cause.name : String(cause);
  if (name === "ResourceNotFoundException") {
    return new ExchangeError(
      "SECRET_NOT_FOUND",
      {
        what: `Secrets Manager has no secret ${secretId}, or no value in it.`,
        fix: "Create it, or correct GATEWAY_SECRET_ID.",
      },
      { cause },
    );
  }
  const isDenied = name === "AccessDeniedException";
  const fix = isDenied
    ? "Allow the function's role secretsmanager:GetSecretValue on it, and kms:Decrypt if it has a key of its own."
    : "Secrets Manager could not be asked; the next invocation tries again.";
  return new ExchangeError(
    "SECRET_UNREADABLE",
    { what: `The secret ${secretId} cannot be read: ${name}.`, fix },
    {
      cause,
      retryable: !isDenied,
    },
  );
}
