import { ask, type Calls } from "#powershell/calls";
import { resolveModulePath } from "#powershell/module-path";
import type { Answer, Worker } from "#powershell/worker";
import type { Deadline } from "#runtime/deadline";

type Facts<Type extends Answer["type"]> = Omit<Extract<Answer, { type: Type }>, "type" | "id">;

/** What a certificate says of itself, whether one could sign in with it or not. */
export type CertificateFacts = Facts<"certificate">;
export type ModuleFacts = Facts<"module"> & { powershell: string };
/** The time at a host and here at the same moment, to a second. */
export type ClockFacts = Facts<"clock">;

export type CertificateRequest = {
  /** The PFX, base64. */
  certificate: string;
  certificatePassword: string;
  deadline: Deadline;
};

/** Throws a CmdletError where the PFX cannot be opened. The certificate and its password appear in no error message. */
export async function inspectCertificate(
  worker: Worker,
  calls: Calls,
  { deadline, ...request }: CertificateRequest,
): Promise<CertificateFacts> {
  worker.hide(request.certificate);
  worker.hide(request.certificatePassword);
  return ask(worker, calls, { request: { op: "certificate", ...request }, answer: "certificate", deadline });
}

/** Loads the module. Throws a CmdletError, or `MODULE_UNUSABLE` where there is none at that path. */
export async function inspectModule(
  worker: Worker,
  calls: Calls,
  { modulePath, deadline }: { modulePath: string | null; deadline: Deadline },
): Promise<ModuleFacts> {
  const request = { op: "module", modulePath: modulePath === null ? null : resolveModulePath(modulePath) } as const;
  const facts = await ask(worker, calls, { request, answer: "module", deadline });
  return { ...facts, powershell: worker.ready?.powershell ?? "" };
}

/** Asks a host for its time over HTTPS. Throws a CmdletError where it does not answer. */
export async function inspectClock(
  worker: Worker,
  calls: Calls,
  { hostName, deadline }: { hostName: string; deadline: Deadline },
): Promise<ClockFacts> {
  return ask(worker, calls, { request: { op: "clock", hostName }, answer: "clock", deadline });
}
