/** `npm run image:lock`: checks the files that versions.json names, and fills in the hashes that it lacks. */
import process from "node:process";
import { lockVersions } from "#image/lock-versions";
import { versionsFile } from "#image/versions";

try {
  for (const { url, sha256, bytes, isNew } of await lockVersions(versionsFile)) {
    console.log(`${isNew ? "written  " : "as it was"} ${sha256} ${(bytes / 1e6).toFixed(1).padStart(5)} MB ${url}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
