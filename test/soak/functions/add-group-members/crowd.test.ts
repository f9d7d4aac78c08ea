import { onTestFinished, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { startChanges } from "#test/support/changes";
import { expectNobodyListed } from "#test/support/crowd";

test("adds one person to a list of 100,000 without listing anybody", async () => {
  const tenant = generateTenant({ users: 5, groups: 2, seed: 10 });
  const changes = await startChanges({ tenant });
  onTestFinished(() => changes.stop());

  await expectNobodyListed(changes, tenant, 100_000);
});
