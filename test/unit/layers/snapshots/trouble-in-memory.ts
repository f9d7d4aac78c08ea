import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "#local/exchange/tenant/random";
import { ExchangeError } from "#runtime/errors";
import type { Directory } from "#snapshots/directory";
import type { SnapshotKind } from "#snapshots/layout";
import { row } from "#test/support/ingest-fixture";
import { createMemoryStore } from "#test/support/memory-store";
import { fixedSeed } from "#test/support/seed";
import { simulateTime } from "#test/support/simulated-time";
import { parseLatest } from "#test/support/storage";
import { drawStep, runTrouble } from "#test/unit/layers/snapshots/run-trouble";

/** The same where everything lies in memory and time is simulated. */
export async function runTroubleInMemory(wantedRuns: number): Promise<void> {
  simulateTime();
  let isCalm = false;
  const { next } = createRandom(fixedSeed);
  const random = () => (isCalm ? 0.99 : next());
  const memory = createMemoryStore(random, 0.02);
  const slowly = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    await delay(random() * 10);
    return call();
  };

  await runTrouble(wantedRuns, {
    store: {
      ...memory,
      get: (...call) => slowly(() => memory.get(...call)),
      put: (...call) => slowly(() => memory.put(...call)),
      putIf: (...call) => slowly(() => memory.putIf(...call)),
    },
    snapshots: {
      read: memory.read,
      readLatest: (kind: SnapshotKind = "users") => {
        const key = `snapshots/${kind}/latest.json`;
        return memory.keys().includes(key) ? parseLatest(memory.read(key)) : undefined;
      },
    },
    openDirectory,
    calmDown: () => {
      isCalm = true;
    },
  });
}

function openDirectory(random: () => number): Directory {
  const given = new Set<string>();
  return {
    async *list() {
      const step = drawStep(random);
      if (step.ends) throw new ExchangeError("POWERSHELL_EXITED", "It ended.");
      await delay(step.delayMs);
      given.clear();
      for (let number = 0; number < step.people; number += 1) {
        const person = row(number);
        if (person.ok) given.add(person.id);
        yield person;
      }
      if (step.breaksOff) throw new ExchangeError("EXCHANGE_TRANSIENT", "It broke off.");
    },
    // Whoever a list left out is gone, or was left out by mistake.
    findThere: async (ids) => {
      const isMistake = random() < 0.5;
      return new Set(ids.filter((id) => isMistake || given.has(id)));
    },
  };
}
