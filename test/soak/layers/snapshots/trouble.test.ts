import { onTestFinished, test } from "vitest";
import { listUsers } from "#directory/users";
import { createExchangeClient } from "#exchange/client";
import type { Row } from "#powershell/frames";
import { type CallStep, credential, type Scenario, scriptExchange } from "#test/engine/layers/exchange/script-exchange";
import { type Storage, startStorage } from "#test/support/storage";
import { drawStep, runTrouble } from "#test/unit/layers/snapshots/run-trouble";
import { runTroubleInMemory } from "#test/unit/layers/snapshots/trouble-in-memory";

test("names a whole snapshot at every moment of 500 runs that race, die and meet a storage in trouble", () =>
  runTroubleInMemory(500));

test("does so too with an S3 and worker processes", { timeout: 600_000 }, async () => {
  const storage = await startStorage();
  onTestFinished(() => storage.stop());
  addTrouble(storage);

  await runTrouble(500, {
    store: storage.store,
    snapshots: storage,
    openDirectory: (random) => listUsers(openClient(random), { source: "recipients", include: [] }),
    calmDown: () => storage.s3.faults.clear(),
  });
});

function addTrouble({ s3 }: Storage): void {
  s3.faults.add({ kind: "dropAfter", method: "PUT", every: 31 });
  s3.faults.add({ kind: "dropBefore", every: 41 });
  s3.faults.add({ kind: "slowDown", every: 53 });
  s3.faults.add({ kind: "conflict", method: "PUT", target: "latest.json", every: 7 });
  s3.faults.add({ kind: "delay", every: 23, delayMs: 15 });
}

/** A client of a scripted program, which is started again when it has ended. */
function openClient(random: () => number) {
  const starts = Array.from(
    { length: 80 },
    (): Scenario => ({ calls: [...Array.from({ length: 8 }, () => toCall(random)), "exit"] }),
  );
  const exchange = scriptExchange(...starts);
  const client = createExchangeClient({
    ...exchange,
    environmentName: "O365Default",
    readCredential: async () => credential,
  });
  onTestFinished(async () => {
    await client.close();
    exchange.remove();
  });
  return client;
}

function toCall(random: () => number): CallStep {
  const step = drawStep(random);
  if (step.ends) return "exit";
  const rows = [people(step.people)];
  if (!step.breaksOff) return { rows, delayMs: step.delayMs };
  const message = "Conversion from JSON failed with error: it broke off.";
  const exceptions = [{ type: "System.Exception", message, hresult: 0 }];
  return { rows, failed: { stage: "invoke", errors: [{ exceptions, errorId: "", category: "", reason: "" }] } };
}

function people(count: number): Row[] {
  return Array.from({ length: count }, (_, number) => ({
    ExchangeObjectId: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    RecipientTypeDetails: "UserMailbox",
    Name: `Person ${number}`,
  }));
}
