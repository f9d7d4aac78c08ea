import { createRecord, type DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Generation } from "#local/exchange/tenant/generation";
import { drawPersonName } from "#local/exchange/tenant/person-names";
import { hasMailbox, type RecipientTypeDetails } from "#local/exchange/tenant/recipient-types";
import { drawWorkplace } from "#local/exchange/tenant/workplaces";

/** Mailboxes Exchange makes for itself. Only the discovery mailbox shows in lists. */
const systemMailboxes: readonly [string, RecipientTypeDetails][] = [
  ["DiscoverySearchMailbox{D919BA05-46A6-415f-80AD-7E09334BB852}", "DiscoveryMailbox"],
  ["SystemMailbox{1f05a927-b2d6-4cf2-b5c4-6e7e9c4f0c1b}", "ArbitrationMailbox"],
  ["SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}", "ArbitrationMailbox"],
  ["FederatedEmail.4c1f4d8b-8179-4148-93bf-00a95fa1e042", "ArbitrationMailbox"],
  ["Migration.8f3e7716-2011-43e4-96b1-aba62d229136", "ArbitrationMailbox"],
];

const sharedNames = [
  "Info",
  "Support",
  "Rechnungen",
  "Reception",
  "Bewerbung",
  "お問い合わせ",
  "Служба поддержки",
] as const;

export type Resources = {
  shared: DirectoryRecord[];
  rooms: DirectoryRecord[];
  contacts: DirectoryRecord[];
  others: DirectoryRecord[];
};

/** What stands beside people in a directory: in proportion to them, the system mailboxes always. */
export function generateResources(generation: Generation, people: number): Resources {
  const { random } = generation;
  const some = (share: number, make: () => DirectoryRecord) => Array.from({ length: Math.ceil(people * share) }, make);

  return {
    shared: some(0.03, () => generateMailbox(generation, "SharedMailbox", random.pick(sharedNames))),
    rooms: some(0.01, () =>
      generateMailbox(generation, "RoomMailbox", `Room ${1 + random.below(9)}.${10 + random.below(90)}`),
    ),
    contacts: some(0.03, () => generateContact(generation)),
    others: [
      ...some(0.005, () => generateMailbox(generation, "EquipmentMailbox", "Projector")),
      ...some(0.001, () => generateMailbox(generation, "SchedulingMailbox", "Bookings")),
      ...systemMailboxes.map(([name, type]) => generateMailbox(generation, type, name)),
    ],
  };
}

/** A mailbox nobody signs in to: its account is disabled. */
function generateMailbox(generation: Generation, type: RecipientTypeDetails, wish: string): DirectoryRecord {
  const { random, address, mailDomain } = generation;
  const name = generation.takeName(wish);
  const alias = generation.takeAlias(name.normalize("NFKD").replace(/[^A-Za-z0-9.{}-]/g, "") || type.toLowerCase());
  const { phonePrefix: _, ...place } = drawWorkplace(random);
  return createRecord({
    ...place,
    ...generation.drawTimes(),
    guid: random.guid(),
    exchangeGuid: random.guid(),
    externalDirectoryObjectId: random.guid(),
    recipientTypeDetails: type,
    name,
    displayName: wish,
    alias,
    userPrincipalName: `${alias}@${address.domain}`,
    primarySmtpAddress: `${alias}@${mailDomain}`,
    otherAddresses: [`smtp:${alias}@${address.domain}`],
    isAccountDisabled: true,
    isHiddenFromAddressLists: type === "DiscoveryMailbox" || type === "ArbitrationMailbox",
  });
}

function generateContact(generation: Generation): DirectoryRecord {
  const { random } = generation;
  const person = drawPersonName(random);
  const alias = generation.takeAlias(`${person.latin.toLowerCase()}.ext`);
  const external = `${alias}@adatum.com`;
  return createRecord({
    ...generation.drawTimes(),
    guid: random.guid(),
    externalDirectoryObjectId: random.guid(),
    recipientTypeDetails: "MailContact",
    name: generation.takeName(`${person.displayName} (Adatum)`),
    displayName: person.displayName,
    firstName: person.firstName,
    lastName: person.lastName,
    company: "Adatum",
    alias,
    primarySmtpAddress: external,
    externalEmailAddress: `SMTP:${external}`,
  });
}

/** Whether people of this directory may own a group or be somebody's manager: they have a mailbox and are no resource. */
export function isPersonWithMailbox(record: DirectoryRecord): boolean {
  return hasMailbox(record.recipientTypeDetails) && !record.isAccountDisabled;
}
