import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { ExchangeError } from "#runtime/exchange-error";

const maxAgeSeconds = 300;

let provider: SecretsProvider | undefined;

type Options = {
  /** Asks Secrets Manager although a value of less than five minutes ago is at hand. */
  isFresh?: boolean;
};

/** The secret's text, at most five minutes old. `SECRET_NOT_FOUND`, `SECRET_UNREADABLE`. */
export async function readSecret(secretId: string, { isFresh = false }: Options = {}): Promise<string> {
  provider ??= new SecretsProvider();
  let value: string | Uint8Array | undefined;
  try {
    value = await provider.get(secretId, { maxAge: maxAgeSeconds, forceFetch: isFresh });
  } catch (error) {
    throw secretError(secretId, error);
  }
  if (typeof value !== "string" || value === "") {
    throw new ExchangeError(
      "SECRET_UNREADABLE",
      `The secret ${secretId} holds no text. Store the credential's JSON in it as a string, not as binary.`,
      { retryable: false },
    );
  }
  return value;
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
