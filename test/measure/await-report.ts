import type { ChildProcess } from "node:child_process";

/** The first message of a process. Rejects when it ends without one. */
export function awaitReport<Report>(child: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as Report));
    child.once("exit", (code, signal) =>
      reject(new Error(`The process ended with ${code ?? signal} before its report.`)),
    );
    child.once("error", reject);
  });
}
