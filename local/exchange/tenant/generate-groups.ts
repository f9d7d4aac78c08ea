import { createGroupFields, createRecord, type DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { isPersonWithMailbox, type Resources } from "#local/exchange/tenant/generate-resources";
import type { Generation } from "#local/exchange/tenant/generation";
import type { RecipientTypeDetails } from "#local/exchange/tenant/recipient-types";
import { departments } from "#local/exchange/tenant/workplaces";

const roleGroupNames = [
  "Organization Management",
  "Recipient Management",
  "Help Desk",
  "View-Only Organization Management",
] as const;

const purposes = [
  "All",
  "Leads",
  "News",
  "EMEA",
  "APAC",
  "Project X",
  "Équipe",
  "团队",
  "Отдел",
  "فريق",
  "Team 🚀",
  '"Core" <ops>',
] as const;

/** Role groups, which own distribution groups here and there, and which no listing cmdlet shows. */
export function generateRoleGroups(generation: Generation): DirectoryRecord[] {
  return roleGroupNames.map((name) =>
    createRecord({
      ...generation.drawTimes(),
      guid: generation.random.guid(),
      recipientTypeDetails: "RoleGroup",
      name: generation.takeName(name),
      group: createGroupFields(),
    }),
  );
}

/** Exactly `count` groups that Get-DistributionGroup shows, nested and with members. */
export function generateGroups(
  generation: Generation,
  count: number,
  population: Population,
  roleGroups: readonly DirectoryRecord[],
): DirectoryRecord[] {
  const groups: DirectoryRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const type = index === 0 ? "MailUniversalDistributionGroup" : drawGroupType(generation, population);
    groups.push(generateGroup(generation, type, index === 0 ? "All Employees" : drawGroupName(generation)));
  }
  nestGroups(generation, groups, population);
  for (const group of groups) drawOwners(generation, group, population, groups, roleGroups);
  return groups;
}

/** Microsoft 365 groups and dynamic distribution groups, which are recipients and other cmdlets' to show. */
export function generateOtherGroups(generation: Generation, count: number, { people }: Population): DirectoryRecord[] {
  const { random } = generation;
  const teams = Array.from({ length: Math.ceil(count / 20) }, () => {
    const team = generateGroup(generation, "GroupMailbox", `Team ${random.pick(departments)}`);
    for (let draw = 0; draw < 5; draw += 1) addSomebody(generation, team, people);
    return team;
  });
  const dynamic = Array.from({ length: Math.ceil(count / 100) }, () =>
    generateGroup(generation, "DynamicDistributionGroup", `Everybody in ${random.pick(departments)}`),
  );
  return [...teams, ...dynamic];
}

function addSomebody({ random }: Generation, group: DirectoryRecord, people: readonly DirectoryRecord[]): void {
  const person = people[random.below(people.length)];
  if (person) group.group?.members.add(person);
}

function drawGroupType({ random }: Generation, { resources }: Population): RecipientTypeDetails {
  const draw = random.next();
  if (draw < 0.03 && resources.rooms.length > 0) return "RoomList";
  if (draw < 0.22) return "MailUniversalSecurityGroup";
  if (draw < 0.225) return "MailNonUniversalGroup";
  return "MailUniversalDistributionGroup";
}

function drawGroupName({ random }: Generation): string {
  return `${random.pick(departments)} ${random.pick(purposes)}`;
}

function generateGroup(generation: Generation, type: RecipientTypeDetails, displayName: string): DirectoryRecord {
  const { random, address, mailDomain } = generation;
  const name = generation.takeName(displayName);
  const alias = generation.takeAlias(
    name
      .normalize("NFKD")
      .replace(/[^A-Za-z0-9]/g, "")
      .toLowerCase() || "group",
  );
  const isSecurity = type === "MailUniversalSecurityGroup";
  return createRecord({
    ...generation.drawTimes(),
    guid: random.guid(),
    externalDirectoryObjectId: random.guid(),
    recipientTypeDetails: type,
    name,
    displayName,
    alias,
    primarySmtpAddress: `${alias}@${mailDomain}`,
    otherAddresses: [`smtp:${alias}@${address.domain}`],
    notes: random.chance(0.2) ? `Mail to ${displayName}` : "",
    isDirSynced: random.chance(0.15),
    isHiddenFromAddressLists: random.chance(0.05),
    group: createGroupFields({
      memberJoinRestriction: isSecurity ? "Closed" : random.pick(["Open", "Closed", "ApprovalRequired"]),
      memberDepartRestriction: isSecurity ? "Closed" : random.pick(["Open", "Closed"]),
      requireSenderAuthenticationEnabled: random.chance(0.8),
      description: random.chance(0.3) ? [`Mail to ${displayName}`] : [],
    }),
  });
}

/** Mostly one or two people; now and then a security group, a role group, or nobody. */
function drawOwners(
  { random }: Generation,
  { group }: DirectoryRecord,
  { people }: Population,
  groups: readonly DirectoryRecord[],
  roleGroups: readonly DirectoryRecord[],
): void {
  if (!group) return;
  const somebody = () =>
    [people[random.below(people.length)]].filter((person) => person && isPersonWithMailbox(person));
  const draw = random.next();
  const owners =
    draw < 0.05
      ? roleGroups.slice(0, 1)
      : draw < 0.08
        ? [groups.find((other) => other.recipientTypeDetails === "MailUniversalSecurityGroup")]
        : draw < 0.1
          ? []
          : [...somebody(), ...(random.chance(0.4) ? somebody() : [])];
  group.managedBy = [...new Set(owners)].filter((owner) => owner !== undefined);
  group.moderationEnabled = group.managedBy.length > 0 && random.chance(0.05);
  if (group.moderationEnabled) group.moderatedBy = group.managedBy;
}

/** What a group may have as owner or member. */
export type Population = { people: readonly DirectoryRecord[]; resources: Resources };

const peoplePerTeam = 40;
const groupsPerParent = 8;

/**
 * Fills groups: the first holds everybody through a tree of teams, the others a few members of every allowed kind.
 * Cycles, diamonds and a group that is its own member are laid in by place, so that every tenant of some size has them.
 */
function nestGroups(generation: Generation, groups: readonly DirectoryRecord[], population: Population): void {
  const teams = groups.slice(0, 1 + Math.ceil(population.people.length / peoplePerTeam)).filter(isOpenToPeople);
  teams.forEach((team, place) => {
    const parent = teams[Math.floor((place - 1) / groupsPerParent)];
    if (parent) addMember(parent, team);
  });
  population.people.forEach((person, place) => {
    const team = teams.length > 1 ? teams[1 + (place % (teams.length - 1))] : teams[0];
    addMember(team, person);
  });

  const inTree = new Set(teams);
  for (const group of groups) if (!inTree.has(group)) fillGroup(generation, group, groups, population);
  groups.forEach((group, place) => {
    if (place % 25 === 7) addMember(groups[Math.floor(place / 2)], group);
    if (place % 40 === 11) addMember(group, groups[0]);
    if (place === 5) addMember(group, group);
  });
}

function isOpenToPeople(group: DirectoryRecord): boolean {
  return group.recipientTypeDetails !== "RoomList";
}

function fillGroup(
  { random }: Generation,
  group: DirectoryRecord,
  groups: readonly DirectoryRecord[],
  { people, resources }: Population,
): void {
  if (!isOpenToPeople(group)) {
    for (let draw = 0; draw < 4; draw += 1) addMember(group, resources.rooms[random.below(resources.rooms.length)]);
    return;
  }
  const size = random.chance(0.05) ? 0 : 2 + random.below(random.chance(0.05) ? 200 : 15);
  for (let draw = 0; draw < size; draw += 1) {
    const kind = random.next();
    const pool = kind < 0.85 ? people : kind < 0.9 ? resources.shared : kind < 0.95 ? resources.contacts : groups;
    addMember(group, pool[random.below(pool.length)]);
  }
}

function addMember(group: DirectoryRecord | undefined, member: DirectoryRecord | undefined): void {
  if (group && member) group.group?.members.add(member);
}
