import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Resources } from "#local/exchange/tenant/generate-resources";
import type { Generation } from "#local/exchange/tenant/generation";

/** What a group may have as owner or member. */
export type Population = { people: readonly DirectoryRecord[]; resources: Resources };

const peoplePerTeam = 40;
const groupsPerParent = 8;

/**
 * Fills groups: the first holds everybody through a tree of teams, the others a few members of every allowed kind.
 * Cycles, diamonds and a group that is its own member are laid in by place, so that every tenant of some size has them.
 */
export function nestGroups(generation: Generation, groups: readonly DirectoryRecord[], population: Population): void {
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
