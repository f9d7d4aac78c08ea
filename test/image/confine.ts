import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const root = join(import.meta.dirname, "..", "..");
const script = join(import.meta.dirname, "programs", "confine.sh");
const isRoot = process.getuid?.() === 0;

type Confined = { command: string; args: readonly string[] };

/**
 * How a program is started as Lambda runs a function: nothing can be written but /tmp, which is new and holds 512 MB, by a
 * user whom nobody knows. `folder` is for the confinement's own use; `visible` are folders to be seen even below /tmp, beside
 * the repository.
 */
export function confine(program: readonly string[], folder: string, visible: readonly string[]): Confined {
  const ownUsers = isRoot ? [] : ["--user", "--map-root-user"];
  const namespaces = ["--mount", "--propagation", "private", ...ownUsers];
  return { command: "unshare", args: [...namespaces, "--", "sh", script, folder, root, ...visible, "--", ...program] };
}

/** Why this machine cannot confine programs that lie in the repository; undefined where it can. */
export function findConfinementTrouble(): string | undefined {
  if (process.platform !== "linux") return "that takes Linux";
  const folder = mkdtempSync(join(tmpdir(), "confine-test-"));
  const { command, args } = confine(["cat", script], folder, []);
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8" });
  rmSync(folder, { recursive: true, force: true });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
