import {
  emptyList,
  emptyText,
  enumeration,
  flag,
  guid,
  nothing,
  type Property,
  shownOnly,
  text,
} from "#local/exchange/cmdlets/property";
import { noGuid } from "#local/exchange/tenant/directory-record";
import { hasMailbox } from "#local/exchange/tenant/recipient-types";

const namespace = "Microsoft.Exchange.Data.Directory";

/** The property set Archive: no mailbox of a generated tenant has an archive. */
export const archiveProperties: readonly Property[] = [
  nothing("ArchiveDatabase"),
  guid("ArchiveGuid", () => noGuid),
  enumeration("ArchiveRelease", `${namespace}.MailboxRelease`, ["None", "E14", "E15"], () => "None"),
  enumeration(
    "ArchiveState",
    `${namespace}.Recipient.ArchiveState`,
    ["None", "Local", "HostedProvisioned", "HostedPending", "OnPremise"],
    () => "None",
  ),
  enumeration("ArchiveStatus", `${namespace}.Recipient.ArchiveStatusFlags`, ["None", "Active"], () => "None"),
];

/** The property set MailboxMove: no mailbox of a generated tenant moves. */
export const mailboxMoveProperties: readonly Property[] = [
  emptyText("MailboxMoveBatchName"),
  enumeration("MailboxMoveFlags", `${namespace}.RequestFlags`, ["None"], () => "None"),
  emptyText("MailboxMoveRemoteHostName"),
  nothing("MailboxMoveSourceMDB"),
  enumeration("MailboxMoveStatus", `${namespace}.RequestStatus`, ["None", "Completed"], () => "None"),
  nothing("MailboxMoveTargetMDB"),
];

/** The property set Policy. */
export const policyProperties: readonly Property[] = [
  nothing("ActiveSyncMailboxPolicy"),
  shownOnly(flag("ActiveSyncMailboxPolicyIsDefaulted", ({ recipientTypeDetails }) => hasMailbox(recipientTypeDetails))),
  nothing("AddressBookPolicy"),
  flag("EmailAddressPolicyEnabled", () => false),
  nothing("ManagedFolderMailboxPolicy"),
  text("OwaMailboxPolicy", ({ recipientTypeDetails }) =>
    hasMailbox(recipientTypeDetails) ? "OwaMailboxPolicy-Default" : "",
  ),
  emptyList("PoliciesExcluded"),
  emptyList("PoliciesIncluded"),
  nothing("RetentionPolicy"),
  nothing("SharingPolicy"),
  shownOnly(flag("ShouldUseDefaultRetentionPolicy", () => false)),
  nothing("UMMailboxPolicy"),
];
