import type { Scenario } from "#local/compare/stage";
import { brokenCredentials } from "#local/exchange/broken-credentials";

/** What is wrong with a credential, as a validation tells it and as an ingestion meets it. */
export const credentialScenarios: readonly Scenario[] = Object.entries(brokenCredentials).map(
  ([name, { arrange }]) => ({
    name: `credentials/${name}`,
    play: async (stage) => {
      await arrange(stage);
      await stage.invoke("validated", "validate-credentials", {});
      await stage.invoke("used", "ingest-users", {});
    },
  }),
);
