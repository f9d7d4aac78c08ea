import type { Scenario, Stage } from "#local/compare/stage";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

const nobody = "nobody.of.that.name@contoso.com";

/** Every function, asked what it is there for and what it has to refuse. Named after the function's folder. */
export const functionScenarios: readonly Scenario[] = [
  play("find-group-owners", async ({ invoke, warmUp }, samples) => {
    const { owned, ownedByRoleGroup, ambiguous, team, quoted } = samples;
    await warmUp("find-group-owners", { group: nobody });
    for (const group of [owned.primarySmtpAddress, owned.guid, ownedByRoleGroup.alias, quoted.name]) {
      await invoke(`of ${group}`, "find-group-owners", { group });
    }
    for (const group of [ambiguous.displayName, team.primarySmtpAddress, nobody]) {
      await invoke(`of ${group}`, "find-group-owners", { group });
    }
  }),
  play("list-group-members", async ({ invoke, warmUp }, { list, nested, member, stranger, team }) => {
    const group = list.primarySmtpAddress;
    await warmUp("list-group-members", { group: nobody });
    await invoke("direct", "list-group-members", { group });
    await invoke("limited", "list-group-members", { group: list.name, limit: 1 });
    await invoke("below", "list-group-members", { group: nested.primarySmtpAddress, scope: "all" });
    for (const who of [member.primarySmtpAddress, member.guid, stranger.userPrincipalName, nobody]) {
      await invoke(`has ${who}`, "list-group-members", { group, member: who });
    }
    await invoke("unknown", "list-group-members", { group: nobody });
    await invoke("team", "list-group-members", { group: team.primarySmtpAddress });
  }),
  play("ingest-users", ingestTwice("ingest-users")),
  { ...play("ingest-users/get-user", ingestTwice("ingest-users")), settings: { source: "users" } },
  play("ingest-groups", ingestTwice("ingest-groups")),
  play("validate-credentials", ({ invoke }) => invoke("right", "validate-credentials", {})),
  play("add-group-members", async ({ send }, { list, nested, synced, member, stranger, others, team }) => {
    const group = list.primarySmtpAddress;
    const members = [stranger.primarySmtpAddress, member.guid, team.primarySmtpAddress, nobody];
    await send("rehearsed", "add-group-members", { ...asked, group, members, dryRun: true });
    await send("mixed", "add-group-members", { ...asked, group, members });
    await send("several", "add-group-members", { ...asked, group: list.name, members: others.map(({ guid }) => guid) });
    await send("list", "add-group-members", { ...asked, group, members: [nested.primarySmtpAddress] });
    await send("synced", "add-group-members", { ...asked, group: synced.primarySmtpAddress, members });
    await send("unknown", "add-group-members", { ...asked, group: nobody, members });
  }),
  play("create-group", async ({ send }, { list, member, stranger }) => {
    const owners = [member.primarySmtpAddress];
    const request = { ...asked, name: "Projekt Blau & Söhne", owners, members: [stranger.guid] };
    await send("rehearsed", "create-group", { ...request, dryRun: true });
    await send("made", "create-group", { ...request, description: 'Said "hello"' });
    await send("again", "create-group", request);
    await send("taken", "create-group", { ...request, name: list.name });
    await send("security", "create-group", { ...request, name: "Tür 12", type: "security", joinRestriction: "Closed" });
    await send("unknown owner", "create-group", { ...request, name: "Another", owners: [nobody] });
  }),
  play("expand-audience", async ({ send }, { list, nested, team }) => {
    for (const [label, group] of [
      ["flat", list.primarySmtpAddress],
      ["nested", nested.name],
      ["team", team.primarySmtpAddress],
      ["unknown", nobody],
    ] as const) {
      await send(label, "expand-audience", { group });
    }
  }),
];

const asked = { requestedBy: "comparison" };

/** A run from nothing, a rehearsal, and a run after somebody has come, gone and changed. */
function ingestTwice(functionName: "ingest-users" | "ingest-groups") {
  return async ({ invoke, exchange: { tenant } }: Stage, { list, stranger }: Samples) => {
    await invoke("first", functionName, {});
    await invoke("rehearsed", functionName, { dryRun: true });
    tenant.updateObject(stranger, { title: "Chief of comparison" });
    tenant.removeObject(list);
    await invoke("after a change", functionName, {});
  };
}

function play(name: string, steps: (stage: Stage, samples: Samples) => Promise<void>): Scenario {
  return { name: `functions/${name}`, play: (stage) => steps(stage, pickSamples(stage.exchange.tenant)) };
}

type Samples = ReturnType<typeof pickSamples>;

/** Objects of a generated tenant to ask for, the same ones for the same seed. Throws where it has none of a kind. */
export function pickSamples({ records }: Tenant) {
  const lists = records.filter(isList).sort((one, other) => membersOf(one).length - membersOf(other).length);
  const people = records.filter(isPerson);
  const list = pick("list with people in it", lists, (each) => !each.isDirSynced && membersOf(each).some(isPerson));
  const outside = people.filter((person) => !membersOf(list).includes(person));
  return {
    list,
    /** Who is in the list. */
    member: pick("member", membersOf(list), isPerson),
    /** Who is not. */
    stranger: pick("stranger", outside, () => true),
    others: outside.slice(1, 5),
    /** Has lists in it. */
    nested: pick("list of lists", lists, (each) => membersOf(each).some(isList)),
    owned: pick("list with owners", lists, ({ group }) => (group?.managedBy.filter(isPerson).length ?? 0) > 1),
    ownedByRoleGroup: pick("list of a role group", lists, ({ group }) => isOwnedBy(group, "RoleGroup")),
    /** Mastered on-premises, and so not to be changed here. */
    synced: pick("synced list", lists, ({ isDirSynced }) => isDirSynced),
    /** A group of a kind that Get-DistributionGroup does not show. */
    team: pick("team", records, ({ recipientTypeDetails }) => recipientTypeDetails === "GroupMailbox"),
    /** Its name has quotes in it. */
    quoted: pick("list with quotes in its name", lists, ({ name }) => name.includes('"')),
    /** Shares the display name with others. */
    ambiguous: pick("ambiguous list", lists, (each) => lists.some((other) => isNamesake(each, other))),
  };
}

function pick(kind: string, records: readonly DirectoryRecord[], isWanted: (record: DirectoryRecord) => boolean) {
  const found = records.find(isWanted);
  if (found === undefined) throw new Error(`The tenant has no ${kind}.`);
  return found;
}

function isList({ recipientTypeDetails }: DirectoryRecord): boolean {
  return recipientTypeDetails === "MailUniversalDistributionGroup";
}

function isPerson({ recipientTypeDetails }: DirectoryRecord): boolean {
  return recipientTypeDetails === "UserMailbox";
}

function membersOf({ group }: DirectoryRecord): readonly DirectoryRecord[] {
  return [...(group?.members ?? [])];
}

function isOwnedBy(group: DirectoryRecord["group"], type: string): boolean {
  return group?.managedBy.some(({ recipientTypeDetails }) => recipientTypeDetails === type) ?? false;
}

function isNamesake(one: DirectoryRecord, other: DirectoryRecord): boolean {
  return one !== other && one.displayName === other.displayName;
}
