import type { AwsFault } from "#local/aws/faults";
import { eventually } from "#test/support/eventually";
import type { Storage } from "#test/support/storage";

/** Holds one request back before its work is done, of those that a fault would be about. */
export function holdRequest({ s3 }: Storage, which: Omit<AwsFault, "kind" | "times">) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fault = s3.faults.add({ ...which, kind: "delay", until: promise, times: 1 });
  return {
    /** When it has come. */
    held: () => eventually(() => s3.faults.failed(fault) === 1),

    /** Answers when its work is done. */
    letGo: async (): Promise<void> => {
      resolve();
      await new Promise((done) => setImmediate(done));
    },
  };
}
