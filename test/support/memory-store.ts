import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { ExchangeError } from "#runtime/errors";
import type { ObjectStore, PutAnswer, PutCondition } from "#storage/object-store";

/** How long a write may be on its way of which no answer came. */
export const longestWayMs = 15;

/** `read` is of a test that looks on: it always sees what is there, and nothing where nothing is. */
export type MemoryStore = ObjectStore & { keys(): string[]; read(key: string): Buffer<ArrayBuffer> };

/**
 * Objects in memory. In about `troubleShare` of the writes each, as `random` has it, the write is not made, is made later,
 * and is made without an answer.
 */
export function createMemoryStore(random: () => number, troubleShare: number): MemoryStore {
  const objects = new Map<string, Buffer>();
  const etagOf = (body: Buffer | undefined) => body && createHash("md5").update(body).digest("hex");
  const trouble = () => new ExchangeError("STORAGE_UNAVAILABLE", "S3 did not answer.");

  function putNow(key: string, body: Buffer | string, condition: PutCondition | undefined): PutAnswer {
    const before = etagOf(objects.get(key));
    const isMet = condition && ("ifMatch" in condition ? condition.ifMatch === before : before === undefined);
    if (condition && !isMet) return { isWritten: false };
    objects.set(key, Buffer.from(body));
    return { isWritten: true, etag: etagOf(objects.get(key)) ?? "" };
  }

  async function putIf(key: string, body: Buffer | string, condition?: PutCondition): Promise<PutAnswer> {
    await Promise.resolve();
    if (random() < troubleShare) throw trouble();
    if (random() < troubleShare) {
      void delay(random() * longestWayMs).then(() => putNow(key, body, condition));
      throw trouble();
    }
    const answer = putNow(key, body, condition);
    if (random() < troubleShare) throw trouble();
    return answer;
  }

  return {
    keys: () => [...objects.keys()],
    read: (key) => Buffer.from(objects.get(key) ?? ""),
    bucket: "memory",
    async get(key) {
      await Promise.resolve();
      if (random() < troubleShare / 2) throw trouble();
      const body = objects.get(key);
      return body && { body, etag: etagOf(body) ?? "", writtenAt: new Date() };
    },
    putIf,
    list: () => {
      throw new Error("Nothing is listed here.");
    },
    put: async (key, body) => {
      await putIf(key, body);
      return { etag: etagOf(objects.get(key)) ?? "" };
    },
  };
}
