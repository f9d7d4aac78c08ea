import { credentialScenarios } from "#local/compare/credential-scenarios";
import { faultScenarios } from "#local/compare/fault-scenarios";
import { functionScenarios } from "#local/compare/function-scenarios";
import type { Scenario } from "#local/compare/stage";

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
