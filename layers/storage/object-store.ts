import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { type ErrorCode, ExchangeError } from "#runtime/errors";

/** What a call was about, and what it was to do there. */
type StoragePlace = { bucket: string; key: string; verb: "read" | "listed" | "written" };

/** S3 answered, and the answer broke off or did not fit its checksum. */
class UnreadableAnswer extends Error {
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
function toStorageError(error: unknown, place: StoragePlace): unknown {
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
function stopError(signal: AbortSignal, place: StoragePlace): ExchangeError {
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

type StoredObject = {
  body: Buffer;
  etag: string;
  /** To the second, by S3's clock. */
  writtenAt: Date;
};

/** The write is made only while the key does not exist, or while it holds what has this ETag. */
export type PutCondition = { ifNoneMatch: "*" } | { ifMatch: string };

/** Not written means that the condition did not hold, or that an earlier try of this very write has been made already. */
export type PutAnswer = { isWritten: true; etag: string } | { isWritten: false };

type CallOptions = {
  /** Ends the call; it then throws the signal's reason where that is an ExchangeError, else STORAGE_UNAVAILABLE. */
  signal?: AbortSignal;
};
type PutOptions = CallOptions & { contentType?: string };

/**
 * The objects of one bucket. Trouble that passes is waited out for some tries and then thrown as STORAGE_UNAVAILABLE: a
 * write that ends so may have been made all the same. A refusal is STORAGE_DENIED or CONFIGURATION_INVALID.
 */
export type ObjectStore = {
  readonly bucket: string;
  /** Undefined where the key does not exist. */
  get(key: string, options?: CallOptions): Promise<StoredObject | undefined>;
  /** Every key that begins with the prefix, in the order of its UTF-8 bytes. */
  list(prefix: string, options?: CallOptions): AsyncGenerator<string, void>;
  /** Writes whatever the key holds. */
  put(key: string, body: Buffer | string, options?: PutOptions): Promise<{ etag: string }>;
  /** An answer that was lost on its way makes the SDK repeat the write, which then finds its own: read back to tell. */
  putIf(key: string, body: Buffer | string, condition: PutCondition, options?: PutOptions): Promise<PutAnswer>;
};

const maxTries = 6;
const firstPauseMs = 50;

/** Opens a bucket with the default credentials and region, or with a client of one's own. */
export function createObjectStore({ bucket, s3 = sharedClient() }: { bucket: string; s3?: S3Client }): ObjectStore {
  async function get(key: string, { signal }: CallOptions): Promise<StoredObject | undefined> {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key });
    const answer = await s3.send(command, abortBy(signal)).catch(undefinedWhereMissing);
    if (answer === undefined) return undefined;
    try {
      const body = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      return { body, etag: answer.ETag ?? "", writtenAt: answer.LastModified ?? new Date() };
    } catch (error) {
      throw new UnreadableAnswer(error);
    }
  }

  async function listPage(prefix: string, token: string | undefined, { signal }: CallOptions) {
    const input = { Bucket: bucket, Prefix: prefix, ContinuationToken: token };
    return s3.send(new ListObjectsV2Command(input), abortBy(signal));
  }

  async function* list(prefix: string, options: CallOptions): AsyncGenerator<string, void> {
    let token: string | undefined;
    do {
      const from = token;
      const page = await call({ bucket, key: `${prefix}*`, verb: "listed" }, options, () =>
        listPage(prefix, from, options),
      );
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async function put(key: string, body: Buffer | string, condition: object, { signal, contentType }: PutOptions) {
    const Body = typeof body === "string" ? Buffer.from(body) : body;
    const input = { Bucket: bucket, Key: key, Body, ContentType: contentType, ...condition };
    const { ETag = "" } = await s3.send(new PutObjectCommand(input), abortBy(signal));
    return { etag: ETag };
  }

  async function putIf(key: string, body: Buffer | string, condition: PutCondition, options: PutOptions) {
    const header = "ifMatch" in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: condition.ifNoneMatch };
    return put(key, body, header, options).then(({ etag }): PutAnswer => ({ isWritten: true, etag }), notWritten);
  }

  return {
    bucket,
    get: (key, options = {}) => call({ bucket, key, verb: "read" }, options, () => get(key, options)),
    list: (prefix, options = {}) => list(prefix, options),
    put: (key, body, options = {}) =>
      call({ bucket, key, verb: "written" }, options, () => put(key, body, {}, options)),
    putIf: (key, body, condition, options = {}) =>
      call({ bucket, key, verb: "written" }, options, () => putIf(key, body, condition, options)),
  };
}

/** The SDK repeats what fails on its way and what S3 answers with 5xx; what it does not is repeated here. */
async function call<Value>(place: StoragePlace, { signal }: CallOptions, act: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      signal?.throwIfAborted();
      return await act();
    } catch (error) {
      if (signal?.aborted) throw stopError(signal, place);
      if (tries === maxTries || !isRepeatable(error)) throw toStorageError(error, place);
      await delay(Math.random() * firstPauseMs * 2 ** tries);
    }
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html: a 409 is to be tried again. */
function isRepeatable(error: unknown): boolean {
  return (
    error instanceof UnreadableAnswer || (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 409)
  );
}

function undefinedWhereMissing(error: unknown): undefined {
  if (!(error instanceof NoSuchKey)) throw error;
}

/** S3 answers If-Match on a key that is gone with 404. */
function notWritten(error: unknown): PutAnswer {
  const isPreconditionFailure = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
  if (isPreconditionFailure || (error instanceof S3ServiceException && error.name === "NoSuchKey")) {
    return { isWritten: false };
  }
  throw error;
}

function abortBy(signal: AbortSignal | undefined) {
  return signal ? { abortSignal: signal } : {};
}

/** By where S3 is: one for all invocations, which share its connections. */
const clients = new Map<string | undefined, S3Client>();

function sharedClient(): S3Client {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const client = clients.get(endpoint) ?? createClient(endpoint);
  clients.set(endpoint, client);
  return client;
}

function createClient(endpoint: string | undefined): S3Client {
  return new S3Client({
    forcePathStyle: endpoint !== undefined,
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      socketTimeout: 15_000,
      throwOnRequestTimeout: true,
    },
  });
}
