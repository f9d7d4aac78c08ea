import { homedir, tmpdir } from "node:os";
import process from "node:process";

/** Gives this process a home where its user has none: the AWS SDK looks for its files there, and fails where it cannot ask. */
export function ensureHome(): void {
  try {
    homedir();
  } catch {
    process.env.HOME = tmpdir();
  }
}
