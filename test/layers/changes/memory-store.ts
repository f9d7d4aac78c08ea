import { createHash } from "node:crypto";
import { ExchangeError } from "#runtime/exchange-error";
import type { ObjectStore, PutCondition } from "#runtime/object-store";

/** Objects in memory, whose writes are made or not and answered or not, as `random` has it. */
export function createMemoryStore(random: () => number): ObjectStore {
  const objects = new Map<string, Buffer>();
  const etagOf = (body: Buffer | undefined) => body && createHash("md5").update(body).digest("hex");
  const trouble = () => new ExchangeError("STORAGE_UNAVAILABLE", "S3 did not answer.");

  async function putIf(key: string, body: Buffer | string, condition: PutCondition) {
    await Promise.resolve();
    if (random() < 0.02) throw trouble();
    const before = etagOf(objects.get(key));
    const isMet = "ifMatch" in condition ? condition.ifMatch === before : before === undefined;
    if (!isMet) return { isWritten: false as const };
    objects.set(key, Buffer.from(body));
    if (random() < 0.04) throw trouble();
    return { isWritten: true as const, etag: etagOf(objects.get(key)) ?? "" };
  }

  return {
    bucket: "memory",
    async get(key) {
      await Promise.resolve();
      if (random() < 0.01) throw trouble();
      const body = objects.get(key);
      return body && { body, etag: etagOf(body) ?? "", writtenAt: new Date() };
    },
    putIf,
    list: () => {
      throw new Error("The ledger lists nothing.");
    },
    put: () => {
      throw new Error("The ledger writes nothing without a condition.");
    },
  };
}
