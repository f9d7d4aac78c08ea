import { commonProperties } from "#local/exchange/cmdlets/common-properties";
import type { Property } from "#local/exchange/cmdlets/property";
import { recipientProperties } from "#local/exchange/cmdlets/recipient-properties";

export const memberTypeNames: readonly string[] = [
  "Deserialized.Microsoft.Exchange.Data.Directory.Management.ReducedRecipient",
  "Deserialized.Microsoft.Exchange.Data.Directory.ADObject",
  "Deserialized.Microsoft.Exchange.Data.Directory.ADRawEntry",
  "Deserialized.Microsoft.Exchange.Data.ConfigurableObject",
  "Deserialized.System.Object",
];

const common = new Set(commonProperties.map(({ name }) => name));

/** What a cmdlet that answers recipients shows of them: by their names, then what all objects have. */
export const memberProperties: readonly Property[] = [
  ...recipientProperties.properties
    .filter(({ name }) => !common.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  ...commonProperties,
];
