import { onTestFinished, test } from "vitest";
import { startStorage } from "#test/support/storage";
import { expectChangesToApply } from "#test/unit/layers/snapshots/changes-properties";

test("turns the base into the new snapshot when its changes are applied", async () => {
  const storage = await startStorage();
  onTestFinished(() => storage.stop());

  await expectChangesToApply(storage, 40);
});
