import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whatever takes tens of seconds, the longest first. */
const longest = [
  "layers/snapshots/trouble",
  "functions/error-classes",
  "local/commands/commands",
  "functions/ingest-users/kills",
  "functions/ingest-users/whole-directory",
  "functions/create-group/kills",
  "functions/validate-credentials/broken-credentials",
  "functions/rotation/under-load",
  "functions/expand-audience/kills",
  "functions/ingest-users/trouble",
  "functions/ingest-groups/whole-directory",
  "functions/ingest-users/broken-powershell",
  "functions/add-group-members/outcomes",
];

/**
 * Begins with the test files that take longest: where nothing is known of earlier runs they would be among the last, and
 * at the end one of them would keep everybody waiting while nothing else is left to do.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return place < 0 ? longest.length : place;
}
