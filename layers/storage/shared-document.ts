import * as z from "zod";
import { ExchangeError } from "#runtime/errors";
import { isStorageUnavailable, type ObjectStore } from "#storage/object-store";

type Options = { signal?: AbortSignal };

/** The version of every document that is written here; one without a version is of the first. */
const documentVersion = 1;

/** One JSON object in S3 that several writers change. It is stored with its version beside what the schema has. */
export type SharedDocument<Value extends object> = {
  key: string;
  schema: z.ZodType<Value>;
  /** What to do where the key holds something else, as a sentence. */
  repair: string;
};

/** Writes of others that may come between, and writes without an answer, before giving up. */
const maxCollisions = 10;
const maxUnanswered = 2;

/** What it says; undefined where it does not exist, `STORAGE_CORRUPT` where the key holds something else. */
export async function readDocument<Value extends object>(
  store: ObjectStore,
  document: SharedDocument<Value>,
  options: Options = {},
): Promise<Value | undefined> {
  return (await readStored(store, document, options)).value;
}

/** Changes the document as `decideDocument` does, where there is nothing to be said of it. */
export async function changeDocument<Value extends object>(
  store: ObjectStore,
  document: SharedDocument<Value>,
  change: (value: Value | undefined, writtenAt: Date) => Value | undefined,
  options: Options = {},
): Promise<void> {
  const decide = (value: Value | undefined, writtenAt: Date) => ({
    write: change(value, writtenAt),
    answer: undefined,
  });
  await decideDocument(store, document, decide, options);
}

/**
 * Reads the document, asks `decide` what it shall be, writes that unless somebody wrote meanwhile, and returns the answer;
 * where somebody did, and when no answer of S3 came, from the start again. So `decide` meets its own write where that was
 * made and its answer lost: it then has nothing to `write`, and throws where the change may not be made. It is told when the
 * document was written, by S3's clock; of one that does not exist, the present time.
 */
export async function decideDocument<Value extends object, Answer>(
  store: ObjectStore,
  document: SharedDocument<Value>,
  decide: (value: Value | undefined, writtenAt: Date) => { write?: Value | undefined; answer: Answer },
  options: Options = {},
): Promise<Answer> {
  let collisions = 0;
  let unanswered = 0;
  while (collisions < maxCollisions) {
    const { value, etag, writtenAt } = await readStored(store, document, options);
    const { write, answer } = decide(value, writtenAt);
    if (write === undefined) return answer;
    try {
      if (await put(store, document.key, write, etag, options)) return answer;
      collisions += 1;
    } catch (error) {
      unanswered += 1;
      if (!isStorageUnavailable(error) || options.signal?.aborted || unanswered === maxUnanswered) throw error;
    }
  }
  throw new ExchangeError(
    "STORAGE_UNAVAILABLE",
    `${document.key} was written by others each time it was to be changed.`,
  );
}

/** Whether it was written; not, where it is no longer what has this ETag. */
async function put(
  store: ObjectStore,
  key: string,
  value: object,
  etag: string | undefined,
  options: Options,
): Promise<boolean> {
  const body = `${JSON.stringify({ version: documentVersion, ...value }, null, 2)}\n`;
  const condition = etag === undefined ? ({ ifNoneMatch: "*" } as const) : { ifMatch: etag };
  const answer = await store.putIf(key, body, condition, { ...options, contentType: "application/json" });
  return answer.isWritten;
}

async function readStored<Value extends object>(
  store: ObjectStore,
  { key, schema, repair }: SharedDocument<Value>,
  options: Options,
) {
  const stored = await store.get(key, options);
  if (!stored) return { value: undefined, etag: undefined, writtenAt: new Date() };
  const { body, etag, writtenAt } = stored;
  try {
    const { version = 1, ...value } = JSON.parse(body.toString("utf8"));
    if (version !== documentVersion) throw writtenByAnother(key, version);
    return { value: schema.parse(value), etag, writtenAt };
  } catch (cause) {
    if (cause instanceof ExchangeError) throw cause;
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new ExchangeError("STORAGE_CORRUPT", `${key} is not what is written there. ${repair}\n${problem}`, { cause });
  }
}

function writtenByAnother(key: string, version: unknown): ExchangeError {
  return new ExchangeError(
    "STORAGE_CORRUPT",
    `${key} is of version ${JSON.stringify(version)}, and this gateway reads version ${documentVersion}. Deploy the gateway that ` +
      "wrote it again, or one that is newer.",
  );
}
