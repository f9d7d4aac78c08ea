import { setTimeout as delay } from "node:timers/promises";

type Fate = { diesAtCall: number; freezesAtCall: number };

/** A worker that dies or freezes at one of its calls: each of them has to await `survive`, which a dead one waits for in vain. */
export function createMortalWorker({ diesAtCall, freezesAtCall }: Fate) {
  const death = Promise.withResolvers<false>();
  let calls = 0;
  return {
    /** Resolves to false when it dies. */
    death: death.promise,
    calls: () => calls,

    survive: async (): Promise<void> => {
      calls += 1;
      if (calls === freezesAtCall) await delay(60);
      if (calls < diesAtCall) return;
      death.resolve(false);
      await new Promise(() => {});
    },
  };
}
