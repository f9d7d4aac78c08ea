import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { ExchangeError } from "#runtime/exchange-error";

const maxAgeSeconds = 300;

type ReadOptions = {
  /** Asks Secrets Manager although a value of less than five minutes ago is at hand. */
  isFresh: boolean;
};

/**
 * Answers a function that reads the secret's text, at most five minutes old. It throws `SECRET_NOT_FOUND` or
 * `SECRET_UNREADABLE`.
 */
export function createSecretReader(secretId: string): (options: ReadOptions) => Promise<string> {
  const provider = new SecretsProvider();

  return async ({ isFresh }) => {
    const value = await provider
      .get(secretId, { maxAge: maxAgeSeconds, forceFetch: isFresh })
      .catch((error) => Promise.reject(secretError(secretId, error)));
    if (typeof value === "string" && value !== "") return value;
    throw new ExchangeError(
      "SECRET_UNREADABLE",
      `The secret ${secretId} holds no text. Store the credential's JSON in it as a string, not as binary.`,
      { retryable: false },
    );
  };
}

function secretError(secretId: string, error: unknown): ExchangeError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const name = cause instanceof Error ? cause.name : String(cause);
  if (name === "ResourceNotFoundException") {
    return new ExchangeError(
      "SECRET_NOT_FOUND",
      `Secrets Manager has no secret ${secretId}, or no value in it. Create it, or correct GATEWAY_SECRET_ID.`,
      { cause },
    );
  }
  const isDenied = name === "AccessDeniedException";
  const advice = isDenied
    ? "Allow the function's role secretsmanager:GetSecretValue on it, and kms:Decrypt if it has a key of its own."
    : "Secrets Manager could not be asked; the next invocation tries again.";
  return new ExchangeError("SECRET_UNREADABLE", `The secret ${secretId} cannot be read: ${name}. ${advice}`, {
    cause,
    retryable: !isDenied,
  });
}
