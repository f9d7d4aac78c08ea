import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

type TestFile = { status: string; assertionResults: { status: string }[] };

const [folder = "", exitCode = "1"] = process.argv.slice(2);
const files = readdirSync(folder).flatMap((name) => readTestFiles(join(folder, name)));
const outcomes = files.flatMap((file) => file.assertionResults.map((test) => test.status));
const passed = outcomes.filter((status) => status === "passed").length;
const failed = outcomes.filter((status) => status === "failed").length + files.filter(isFailedAsWhole).length;

const isFailure = exitCode !== "0" || failed > 0 || passed === 0;
console.log(`${passed} passed, ${isFailure ? Math.max(failed, 1) : 0} failed`);
process.exitCode = isFailure ? Number(exitCode) || 1 : 0;

/** A report that is unreadable is one without files: the run failed before its tests. */
function readTestFiles(path: string): TestFile[] {
  try {
    return JSON.parse(readFileSync(path, "utf8")).testResults;
  } catch {
    return [];
  }
}

/** A file that did not load has no failed test of its own to be counted by. */
function isFailedAsWhole(file: TestFile): boolean {
  return file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed");
}
