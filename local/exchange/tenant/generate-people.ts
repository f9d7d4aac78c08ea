import { createRecord, type DirectoryRecord, type MutableRecord } from "#local/exchange/tenant/directory-record";
import { type Generation, guidNamesSinceMs } from "#local/exchange/tenant/generation";
import { drawPersonName, type PersonName } from "#local/exchange/tenant/person-names";
import { hasMailbox, type RecipientTypeDetails } from "#local/exchange/tenant/recipient-types";
import { departments, drawPhone, drawTitle, drawWorkplace, type Workplace } from "#local/exchange/tenant/workplaces";

const partnerDomains = ["fabrikam.com", "adatum.com", "northwindtraders.com"] as const;
const peoplePerManager = 8;

type Person = PersonName & { alias: string; workplace: Workplace };

/** People of every kind that counts as a user, the first of them the head of all. */
export function generatePeople(generation: Generation, count: number): DirectoryRecord[] {
  const people: DirectoryRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    people.push(generatePerson(generation, index === 0 ? "UserMailbox" : drawType(generation), people));
  }
  return people;
}

function drawType({ random }: Generation): RecipientTypeDetails {
  const draw = random.next();
  if (draw < 0.06) return "GuestMailUser";
  if (draw < 0.1) return "MailUser";
  if (draw < 0.104) return "LinkedMailbox";
  if (draw < 0.105) return "LegacyMailbox";
  if (draw < 0.107) return "RemoteUserMailbox";
  return "UserMailbox";
}

function generatePerson(
  generation: Generation,
  type: RecipientTypeDetails,
  earlier: readonly DirectoryRecord[],
): DirectoryRecord {
  const { random } = generation;
  const name = drawPersonName(random);
  const person = { ...name, alias: generation.takeAlias(name.latin.toLowerCase()), workplace: drawWorkplace(random) };
  const times = generation.drawTimes();
  const entraId = random.guid();
  const isNamedByGuid = times.whenCreatedMs >= guidNamesSinceMs;

  return createRecord({
    ...describePerson(generation, person, earlier),
    ...addressPerson(generation, person, type),
    ...times,
    guid: random.guid(),
    recipientTypeDetails: type,
    externalDirectoryObjectId: !isNamedByGuid && random.chance(0.01) ? "" : entraId,
    name: generation.takeName(isNamedByGuid ? entraId : person.displayName),
    ...(hasMailbox(type) ? { exchangeGuid: random.guid() } : {}),
    isAccountDisabled: random.chance(0.03),
    isHiddenFromAddressLists: type === "GuestMailUser" || random.chance(0.02),
    isDirSynced: random.chance(0.3),
  });
}

function describePerson(
  generation: Generation,
  person: Person,
  earlier: readonly DirectoryRecord[],
): Partial<MutableRecord> {
  const { random } = generation;
  const { workplace } = person;
  const { phonePrefix, ...place } = workplace;
  const isExecutive = earlier.length < 20;
  return {
    displayName: person.displayName,
    firstName: person.firstName,
    lastName: person.lastName,
    department: random.chance(0.95) ? random.pick(departments) : "",
    title: random.chance(0.9) ? drawTitle(random) : "",
    company: random.chance(0.9) ? "Contoso" : "",
    ...place,
    phone: random.chance(0.7) ? drawPhone(random, phonePrefix) : "",
    mobilePhone: random.chance(0.4) ? drawPhone(random, phonePrefix) : "",
    manager: drawManager(generation, earlier),
    isVip: isExecutive && random.chance(0.5),
    seniorityIndex: isExecutive ? 100 - earlier.length : undefined,
    customAttributes: random.chance(0.1) ? { 1: `cost-centre-${1000 + random.below(200)}` } : undefined,
  };
}

/** Somebody made earlier, near the top of the tree that `peoplePerManager` spans; nobody for a few. */
function drawManager({ random }: Generation, earlier: readonly DirectoryRecord[]): DirectoryRecord | undefined {
  if (earlier.length === 0 || random.chance(0.03)) return undefined;
  const manager = earlier[Math.floor((earlier.length - 1) / peoplePerManager)];
  return manager && hasMailbox(manager.recipientTypeDetails) ? manager : earlier[0];
}

function addressPerson(generation: Generation, person: Person, type: RecipientTypeDetails): Partial<MutableRecord> {
  const { random, address, mailDomain } = generation;
  const primary = `${person.alias}@${mailDomain}`;
  if (type === "GuestMailUser") {
    const partner = random.pick(partnerDomains);
    const alias = `${person.alias}_${partner}#EXT#`;
    const external = `${person.alias}@${partner}`;
    return {
      alias,
      userPrincipalName: `${alias}@${address.domain}`,
      primarySmtpAddress: external,
      externalEmailAddress: `SMTP:${external}`,
    };
  }

  return {
    alias: person.alias,
    userPrincipalName: random.chance(0.95) ? primary : `${person.alias}@${address.domain}`,
    primarySmtpAddress: primary,
    otherAddresses: drawOtherAddresses(generation, person, primary),
    ...(hasMailbox(type) ? {} : { externalEmailAddress: `SMTP:${person.alias}@${random.pick(partnerDomains)}` }),
  };
}

function drawOtherAddresses({ random, address, mailDomain }: Generation, person: Person, primary: string): string[] {
  const others = [`smtp:${person.alias}@${address.domain}`];
  if (random.chance(0.5)) others.push(`SIP:${primary}`);
  if (random.chance(0.1)) others.push(`smtp:${person.alias}.formerly@${mailDomain}`);
  if (random.chance(0.08))
    others.push(`X500:/o=Contoso/ou=First Administrative Group/cn=Recipients/cn=${person.alias}`);
  return others;
}
