import { ask } from "#powershell/ask";
import type { Calls } from "#powershell/calls";
import { resolveModulePath } from "#powershell/module-path";
import type { Worker } from "#powershell/worker";
import type { Deadline } from "#runtime/deadline";

export type ConnectRequest = {
  appId: string;
  /** A domain of the tenant, best the one it has had from its beginning. */
  organization: string;
  /** The PFX, base64. */
  certificate: string;
  certificatePassword: string;
  environmentName: string;
  /** Served cmdlets to load, those of the module itself left out. */
  commandNames: readonly string[];
  /** Every cmdlet whose presence and parameters are answered. */
  cmdlets: readonly string[];
  deadline: Deadline;
};

/** What a session is connected with, and what the app may do there. */
export type Connection = {
  powershell: string;
  module: { version: string; path: string };
  /** The parameters of each cmdlet asked for. A cmdlet or parameter that is absent may not be used. */
  commands: ReadonlyMap<string, ReadonlySet<string>>;
  certificate: { notBefore: Date; notAfter: Date };
  importMs: number;
  connectMs: number;
};

/** Signs in and loads the cmdlets. The certificate and its password appear in no error message. */
export async function connect(
  worker: Worker,
  calls: Calls,
  { deadline, ...request }: ConnectRequest & { modulePath: string | null },
): Promise<Connection> {
  const modulePath = request.modulePath === null ? null : resolveModulePath(request.modulePath);
  worker.hide(request.certificate);
  worker.hide(request.certificatePassword);

  const { module, commands, certificate, importMs, connectMs } = await ask(worker, calls, {
    request: { op: "connect", ...request, modulePath },
    answer: "connected",
    deadline,
  });
  return {
    powershell: worker.ready?.powershell ?? "",
    module,
    commands: new Map(Object.entries(commands).map(([name, parameters]) => [name, new Set(parameters)])),
    certificate,
    importMs,
    connectMs,
  };
}
