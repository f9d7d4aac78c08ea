import type { SendOptions } from "#local/compare/deliver";
import { functionScenarios, pickSamples } from "#local/compare/function-scenarios";
import type { Scenario, Stage } from "#local/compare/stage";
import { brokenCredentials } from "#local/exchange/broken-credentials";
import { type Fault, type FaultName, faultKinds } from "#local/exchange/faults";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { maxReceiveCount } from "#operations/message";

/** What is wrong with a credential, as a validation tells it and as an ingestion meets it. */
const credentialScenarios: readonly Scenario[] = Object.entries(brokenCredentials).map(([name, { arrange }]) => ({
  name: `credentials/${name}`,
  play: async (stage) => {
    await arrange(stage);
    await stage.invoke("validated", "validate-credentials", {});
    await stage.invoke("used", "ingest-users", {});
  },
}));

type Probe = {
  functionName: string;
  /** Calls the function with something else to do than the other steps of a scenario have. */
  call(stage: Stage, label: string, step: Step): Promise<void>;
  meet(stage: Stage, probe: Probe, fault: Fault): Promise<void>;
};

type Step = SendOptions & { request: object };

/** Where a fault of calls is tried beside them: the token, and the cmdlets that connecting fetches. */
const otherPlaces = { token: { host: "login." }, connecting: { path: "/EXOModuleFile" } } as const;

/** Faults that do nothing there. */
const onlyOfLists: ReadonlySet<FaultName> = new Set([
  "cut-list",
  "repeat-page",
  "short-list",
  "late-objects",
  "link-expiry",
  "warning",
]);

/** One that reads by Get-EXORecipient, with time enough; and one that reads and writes by the cmdlets that are served. */
const reading: Probe = {
  functionName: "ingest-users",
  call: ({ invoke }, label, { timeLimitMs }) => invoke(label, "ingest-users", {}, timeLimitMs),
  meet: meetLasting,
};
const writing: Probe = {
  functionName: "add-group-members",
  call: ({ send }, label, { request, ...options }) => send(label, "add-group-members", request, options),
  meet: async (stage, probe, fault) => {
    await meetLasting(stage, probe, fault);
    if (!endless.has(fault.name)) await meetAtLastReceive(stage, probe, fault);
  },
};
/** Cold at the first receive while the fault lasts, and again when it is over: no other function does with fewer sessions. */
const connecting: Probe = {
  ...writing,
  meet: ({ exchange, ...stage }, { call }, fault) => {
    const { faults, tenant } = exchange;
    faults.add(fault);
    const [request] = requestsFor(tenant);
    const timeLimit = endless.has(fault.name) ? { timeLimitMs: endlessLimitMs } : {};
    const onReceived = () => faults.clear();
    return call({ exchange, ...stage }, "while it lasts", { request, onReceived, ...timeLimit });
  },
};

/** Faults that end by a time limit alone: a function is given a short one, and is warm before. */
const endless: ReadonlySet<FaultName> = new Set(["hang"]);
const endlessLimitMs = 60_000;

/** What a fault is tried with; one that is not here without a value, or with a 1 or a word where it needs one. */
const values: Partial<Record<FaultName, readonly (string | number | undefined)[]>> = {
  throttle: [undefined, 1],
  slow: [100],
  "sign-in-refusal": [700027, 53003, 90033],
  clock: [3600],
  "late-objects": [3],
  warning: ["This is a warning"],
};

/** Every fault there is, at every place and in every function it is tried with. */
const faultScenarios: readonly Scenario[] = Object.keys(faultKinds).flatMap((name) => scenariosOf(name as FaultName));

function scenariosOf(name: FaultName): Scenario[] {
  return valuesOf(name).flatMap((value, index) => {
    const fault: Fault = { name, ...(value === undefined ? {} : { value }) };
    const shown = index === 0 ? name : `${name}=${value}`;
    const tried = (place: string, target: object, probe: Probe): Scenario => ({
      name: `faults/${place}/${shown}/${probe.functionName}`,
      play: (stage) => probe.meet(stage, probe, { ...fault, ...target }),
    });
    const { scope } = faultKinds[name];
    const others = scope === "calls" && !onlyOfLists.has(name) ? Object.entries(otherPlaces) : [];
    return [
      ...[reading, writing].map((probe) => tried(scope, {}, probe)),
      ...others.map(([place, target]) => tried(place, target, connecting)),
    ];
  });
}

/** Cold while the fault lasts, when it is over, and warm while it strikes once. */
async function meetLasting(stage: Stage, { call }: Probe, fault: Fault): Promise<void> {
  const { faults, tenant } = stage.exchange;
  const [first, second, third] = requestsFor(tenant);
  if (endless.has(fault.name)) {
    await call(stage, "before", { request: first });
    faults.add({ ...fault, times: 1 });
    return call(stage, "endless once", { request: second, timeLimitMs: endlessLimitMs });
  }
  faults.add(fault);
  await call(stage, "while it lasts", { request: first, onReceived: () => faults.clear() });
  faults.clear();
  await call(stage, "when it is over", { request: second });
  faults.add({ ...fault, times: 1 });
  await call(stage, "once", { request: third });
  faults.clear();
}

/** The receives before it are lost, so that only one of them takes the time of a failure. */
async function meetAtLastReceive(stage: Stage, { call }: Probe, fault: Fault): Promise<void> {
  const { faults, tenant } = stage.exchange;
  const [request] = requestsFor(tenant);
  faults.add(fault);
  await call(stage, "at the last receive", { request, firstReceive: maxReceiveCount });
}

function valuesOf(name: FaultName): readonly (string | number | undefined)[] {
  const { value } = faultKinds[name];
  return values[name] ?? [value?.isNeeded ? (value.isNumber ? 1 : "word") : undefined];
}

/** A list that is to get somebody who is not in it, each time somebody else. */
function requestsFor(tenant: Tenant): readonly [object, object, object] {
  const { list, stranger, others } = pickSamples(tenant);
  const [second = stranger, third = stranger] = others;
  const request = ({ primarySmtpAddress }: DirectoryRecord) => ({
    requestedBy: "comparison",
    group: list.primarySmtpAddress,
    members: [primarySmtpAddress],
  });
  return [request(stranger), request(second), request(third)];
}

/** All there is to compare. */
export const scenarios: readonly Scenario[] = [...functionScenarios, ...credentialScenarios, ...faultScenarios];

/** The scenarios of these names, or whose names begin with one and a slash. Throws an Error for a name of none. */
export function selectScenarios(names: readonly string[], all: readonly Scenario[] = scenarios): Scenario[] {
  const unknown = names.filter((name) => !all.some((scenario) => isSelected(scenario, name)));
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(", ")}: --list names them all.`);
  return all.filter((scenario) => names.some((name) => isSelected(scenario, name)));
}

/** As few names as select these scenarios and no others. */
export function nameSelection(wanted: readonly Scenario[], all: readonly Scenario[] = scenarios): string[] {
  const names = wanted.map((scenario) => {
    const parts = scenario.name.split("/");
    const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    return (
      prefixes.find((name) => all.every((each) => !isSelected(each, name) || wanted.includes(each))) ?? scenario.name
    );
  });
  return [...new Set(names)];
}

function isSelected(scenario: Scenario, name: string): boolean {
  return scenario.name === name || scenario.name.startsWith(`${name}/`);
}
