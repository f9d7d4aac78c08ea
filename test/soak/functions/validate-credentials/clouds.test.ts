import { afterEach, test } from "vitest";
import { exchangeEnvironmentNames } from "#runtime/configuration";
import { expectConnectedInCloud, startInCloud } from "#test/support/connect-in-cloud";
import type { Gateway } from "#test/support/gateway";

let gateway: Gateway;

afterEach(() => gateway.stop());

test.each(exchangeEnvironmentNames)(
  "connects and reads in %s, at that cloud's hosts, and changes nothing",
  async (name) => {
    gateway = await startInCloud(name);

    await expectConnectedInCloud(gateway, name);
  },
);
