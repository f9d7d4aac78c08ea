import { S3ServiceException } from "@aws-sdk/client-s3";
import type { ErrorCode } from "#runtime/error-codes";
import { ExchangeError } from "#runtime/exchange-error";

/** What a call was about, and what it was to do there. */
export type StoragePlace = { bucket: string; key: string; verb: "read" | "listed" | "written" };

/** S3 answered, and the answer broke off or did not fit its checksum. */
export class UnreadableAnswer extends Error {
  override readonly name = "UnreadableAnswer";

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Codes with a status below 500 that tell of trouble on the way, which passes. */
const passingCodes = new Set(["RequestTimeout", "BadDigest", "IncompleteBody", "TooManyRequests"]);

/**
 * What S3, or the way to it, answered, as an ExchangeError: STORAGE_UNAVAILABLE where trying again may help,
 * CONFIGURATION_INVALID for a bucket that is not there, STORAGE_DENIED for every other refusal. Any other error is
 * answered as it is.
 */
export function toStorageError(error: unknown, place: StoragePlace): unknown {
  if (error instanceof S3ServiceException) {
    const [code, advice] = classifyAnswer(error, place);
    return failure(code, place, advice, error);
  }
  if (isConnectionTrouble(error)) return failure("STORAGE_UNAVAILABLE", place, "S3 could not be reached.", error);
  if (error instanceof Error && error.name === "CredentialsProviderError") {
    return failure("STORAGE_DENIED", place, "The function has no AWS credentials.", error);
  }
  return error;
}

/** The error of a call that its signal ended. */
export function stopError(signal: AbortSignal, place: StoragePlace): ExchangeError {
  const { reason } = signal;
  if (reason instanceof ExchangeError) return reason;
  return failure("STORAGE_UNAVAILABLE", place, "S3 did not answer in the time there was.", reason);
}

/** Whether the error says that S3 may answer differently a moment later, or has done the work and its answer was lost. */
export function isStorageUnavailable(error: unknown): boolean {
  return error instanceof ExchangeError && error.code === "STORAGE_UNAVAILABLE";
}

/** What the function's role has to be allowed. */
const actions = { read: "s3:GetObject", listed: "s3:ListBucket", written: "s3:PutObject" };

function classifyAnswer(error: S3ServiceException, { bucket, verb }: StoragePlace): [ErrorCode, string] {
  const status = error.$metadata.httpStatusCode ?? 500;
  if (error.name === "NoSuchBucket") {
    return ["CONFIGURATION_INVALID", `There is no bucket ${bucket}: correct GATEWAY_BUCKET, or create it.`];
  }
  if (error.name === "PermanentRedirect" || status === 301) {
    return ["CONFIGURATION_INVALID", `The bucket ${bucket} lies in another region than the function.`];
  }
  if (error.name === "ConditionalRequestConflict" || error.name === "OperationAborted") {
    return ["STORAGE_UNAVAILABLE", "Other writes of the same key kept coming between."];
  }
  if (status >= 500 || status === 429 || passingCodes.has(error.name)) {
    return ["STORAGE_UNAVAILABLE", "S3 could not answer."];
  }
  const action = actions[verb];
  const missing = verb === "read" ? " Without s3:ListBucket on the bucket, a key that is missing is refused too." : "";
  return ["STORAGE_DENIED", `Allow the function's role ${action} there, and its key in KMS if it has one.${missing}`];
}

/** Errors of sockets, TLS and name look-up carry a code; the SDK's own time-outs are named. */
function isConnectionTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError" || error instanceof UnreadableAnswer) return true;
  return "code" in error && typeof error.code === "string" && !error.code.startsWith("ERR_INVALID");
}

function failure(code: ErrorCode, { bucket, key, verb }: StoragePlace, advice: string, cause: unknown): ExchangeError {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new ExchangeError(code, `s3://${bucket}/${key} could not be ${verb} (${text}). ${advice}`, { cause });
}
