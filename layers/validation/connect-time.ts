import type { Connection, ModuleFacts } from "#powershell/session";
import { type Finding, pass, warn } from "#validation/finding";

const warningMs = 10_000;

/** How long it took to load the module and to sign in. */
export function judgeConnectTime(module: ModuleFacts, connection: Connection): Finding<true> {
  const loadMs = module.importMs + connection.importMs;
  const { connectMs } = connection;
  const found = `${seconds(loadMs + connectMs)}: module ${seconds(loadMs)}, sign-in ${seconds(connectMs)}`;
  if (loadMs + connectMs <= warningMs) return pass(true, found);
  return warn(
    true,
    found,
    "Give the function more memory, which brings processor time (1,769 MB is one processor), or look at the way to Exchange and at Microsoft's service health.",
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
