import type { ExchangeClient } from "#exchange/client";
import { handleMessage } from "#operations/handle-message";
import type { Work } from "#operations/ledger";
import type { Message, OperationRequest } from "#operations/message";
import type { OperationDefinition } from "#operations/operation-type";
import { deadlineIn } from "#runtime/deadline";
import type { ObjectStore } from "#storage/object-store";

const timeMs = 60_000;

/** What outlives a worker. */
export type World = { client: ExchangeClient; store: ObjectStore; results: string[] };

/**
 * Carries out one message and stops before the step that is given, until it is woken. A step is a call to Exchange, the store
 * or the queue; one that changes something has another behind it: made, and not answered. Its lease is over at once.
 */
export function startWorker<Request extends OperationRequest, State extends Work>(
  message: Message,
  skill: OperationDefinition<Request, State>,
  { client, store, results }: World,
  stopsAt?: number,
) {
  const steps: string[] = [];
  const stopped = Promise.withResolvers<"stopped">();
  const woken = Promise.withResolvers<void>();

  async function reach(step: string): Promise<void> {
    steps.push(step);
    if (steps.length - 1 !== stopsAt) return;
    stopped.resolve("stopped");
    await woken.promise;
  }

  async function change<Value>(what: string, call: () => Promise<Value>): Promise<Value> {
    await reach(what);
    const value = await call();
    await reach(`${what}: made, and not answered`);
    return value;
  }

  const read: typeof client.read = async function* read(...call) {
    await reach(`read with ${call[0].name}`);
    yield* client.read(...call);
  };

  async function carryOut(): Promise<boolean> {
    const { batchItemFailures } = await handleMessage(message, skill, {
      client: {
        ...client,
        read,
        write: (...call) => change(`write with ${call[0].name}`, () => client.write(...call)),
      },
      store: {
        ...store,
        get: async (...call) => {
          await reach(`get ${folderOf(call[0])}`);
          return store.get(...call);
        },
        put: (...call) => change(`put ${folderOf(call[0])}`, () => store.put(...call)),
        putIf: (...call) => change(`put ${folderOf(call[0])}`, () => store.putIf(...call)),
      },
      queues: {
        sendResult: (text) => change("send result", async () => void results.push(text)),
        hide: () => change("hide message", async () => {}),
      },
      tenant: "contoso",
      deadline: deadlineIn(timeMs),
      readBackPausesMs: [],
      leaseAfterDeadlineMs: -2 * timeMs,
    });
    await reach("delete message");
    return batchItemFailures.length === 0;
  }

  return { steps, stopped: stopped.promise, wake: woken.resolve, isDeleted: carryOut() };
}

function folderOf(key: string): string {
  return key.split("/")[0] ?? "";
}
