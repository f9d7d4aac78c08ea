import type { IncomingMessage } from "node:http";
import { type AwsFaults, createFaults } from "#local/aws/faults";
import { type Answer, type ErrorFaultKind, jsonRefusal, startHttpServer } from "#local/aws/http-server";
import { readRequest, SecretStore, SecretsError, type SecretsErrorCode } from "#local/aws/secret-store";
import type { AwsCredentials } from "#local/aws/signature";

export type LocalSecretsManager = {
  url: string;
  faults: AwsFaults;
  /** Gives a secret its text, whether there is such a secret or not. */
  putSecret(name: string, text: string): void;
  stop(): Promise<void>;
};

type Options = { credentials: AwsCredentials; port?: number };

const targetPrefix = "secretsmanager.";

/**
 * Secrets Manager's CreateSecret, PutSecretValue and GetSecretValue, for who has the key. Values are kept in memory and
 * nowhere else.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
 */
export async function startSecretsManager({ credentials, port }: Options): Promise<LocalSecretsManager> {
  const store = new SecretStore();
  const faults = createFaults();
  const server = await startHttpServer(
    {
      credentials,
      refuse: jsonRefusal,
      faults,
      targetOf: actionOf,
      faultAnswer: (kind) => errorAnswer(new SecretsError(faultCodes[kind])),
      answer: (request, body) => answer(store, actionOf(request), body),
    },
    port,
  );
  return { ...server, faults, putSecret: (name, text) => store.set(name, text) };
}

function actionOf({ headers }: IncomingMessage): string {
  return String(headers["x-amz-target"] ?? "").replace(targetPrefix, "");
}

function answer(store: SecretStore, action: string, body: Buffer): Answer {
  try {
    return json(200, answerOrThrow(store, action, body));
  } catch (error) {
    if (error instanceof SecretsError) return errorAnswer(error);
    throw error;
  }
}

function answerOrThrow(store: SecretStore, action: string, body: Buffer): object {
  switch (action) {
    case "CreateSecret":
      return store.create(readRequest(action, body));
    case "PutSecretValue":
      return store.put(readRequest(action, body));
    case "GetSecretValue":
      return store.get(readRequest(action, body));
    default:
      throw new SecretsError("UnknownOperationException");
  }
}

const faultCodes: Record<ErrorFaultKind, SecretsErrorCode> = {
  slowDown: "ThrottlingException",
  internalError: "InternalServiceError",
  conflict: "ResourceExistsException",
  accessDenied: "AccessDeniedException",
};

function errorAnswer({ code, status, message }: SecretsError): Answer {
  return json(status, { __type: code, Message: message });
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify(body) };
}
