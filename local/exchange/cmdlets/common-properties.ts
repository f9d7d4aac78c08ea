import { guid, list, type Property, shownOnly, text, time } from "#local/exchange/cmdlets/property";
import type { FilterProperty } from "#local/exchange/filter/filter-expression";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { isGroupType } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { distinguishedNameOf } from "#local/exchange/tenant/tenant-address";

/** The object itself, named by its DN or canonical name. */
const itself: FilterProperty = { kind: "link", holds: (record, target) => record === target, isEmpty: () => false };

/** What every directory object ends with, in this order. */
export const commonProperties: readonly Property[] = [
  shownOnly(text("Identity", (record) => record.name)),
  { name: "Id", value: (record) => record.name, filter: itself },
  { name: "IsValid", value: () => true },
  { ...text("ExchangeVersion", () => "0.20 (15.0.0.0)"), filter: { kind: "integer", read: () => 88_218_628_259_840 } },
  text("Name", (record) => record.name),
  {
    name: "DistinguishedName",
    value: (record, tenant) => distinguishedNameOf(tenant.address, record.name),
    filter: itself,
  },
  text("ObjectCategory", objectCategoryOf),
  list("ObjectClass", objectClassOf),
  time("WhenChanged", (record) => record.whenChangedMs),
  time("WhenCreated", (record) => record.whenCreatedMs),
  time("WhenChangedUTC", (record) => record.whenChangedMs),
  time("WhenCreatedUTC", (record) => record.whenCreatedMs),
  shownOnly(guid("ExchangeObjectId", (record) => record.guid)),
  shownOnly(text("OrganizationalUnitRoot", (_, tenant) => tenant.domain)),
  shownOnly(text("OrganizationId", (_, tenant) => tenant.address.organizationId)),
  guid("Guid", (record) => record.guid),
  shownOnly(text("OriginatingServer", (_, tenant) => tenant.serverName)),
];

function objectCategoryOf({ recipientTypeDetails }: DirectoryRecord, { address }: Tenant): string {
  const category =
    recipientTypeDetails === "DynamicDistributionGroup"
      ? "ms-Exch-Dynamic-Distribution-List"
      : isGroupType(recipientTypeDetails)
        ? "Group"
        : "Person";
  return `${address.forest}/Configuration/Schema/${category}`;
}

const userClasses = ["top", "person", "organizationalPerson", "user"];
const contactClasses = ["top", "person", "organizationalPerson", "contact"];
const groupClasses = ["top", "group"];
const dynamicGroupClasses = ["msExchDynamicDistributionList"];

function objectClassOf({ recipientTypeDetails }: DirectoryRecord): readonly string[] {
  if (recipientTypeDetails === "DynamicDistributionGroup") return dynamicGroupClasses;
  if (isGroupType(recipientTypeDetails)) return groupClasses;
  return recipientTypeDetails.endsWith("Contact") ? contactClasses : userClasses;
}
