import { pickSamples, type Samples } from "#local/compare/samples";
import type { Scenario, Stage } from "#local/compare/stage";

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
