import { emailAddressesOf, smtpAddressesOf } from "#local/exchange/cmdlets/email-addresses";
import { emptyList, flag, links, list, type Property, text } from "#local/exchange/cmdlets/property";

/** Properties that everything with mail has. */
export const alias = text("Alias", (record) => record.alias);
export const hiddenFromAddressListsEnabled = flag(
  "HiddenFromAddressListsEnabled",
  (record) => record.isHiddenFromAddressLists,
);
export const managedBy = links("ManagedBy", ({ group }) =>
  (group?.managedBy ?? []).filter(({ isRemoved }) => !isRemoved),
);

/** With `-eq` an address may stand without `smtp:`, with `-like` not. */
export const emailAddresses: Property = {
  ...list("EmailAddresses", emailAddressesOf),
  filter: { kind: "texts", read: emailAddressesOf, complete: withPrefix },
};

/** A filter on the primary address finds the other SMTP addresses too. */
export const primarySmtpAddress: Property = {
  ...text("PrimarySmtpAddress", (record) => record.primarySmtpAddress),
  filter: { kind: "texts", read: smtpAddressesOf },
};

export const customAttributes: readonly Property[] = Array.from({ length: 15 }, (_, index) =>
  text(`CustomAttribute${index + 1}`, (record) => record.customAttributes?.[index + 1] ?? ""),
);

export const extensionAttributes: readonly Property[] = Array.from({ length: 5 }, (_, index) =>
  emptyList(`ExtensionCustomAttribute${index + 1}`),
);

/** An address as `EmailAddresses` holds it. */
export function withPrefix(address: string): string {
  return address.includes(":") ? address : `smtp:${address}`;
}
