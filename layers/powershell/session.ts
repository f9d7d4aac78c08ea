import { createCalls } from "#powershell/calls";
import { type Connection, type ConnectRequest, connect } from "#powershell/connect";
import type { Row } from "#powershell/frames";
import {
  type CertificateFacts,
  type CertificateRequest,
  type ClockFacts,
  inspectCertificate,
  inspectClock,
  inspectModule,
  type ModuleFacts,
} from "#powershell/inspect";
import { type InvokeRequest, invoke, type Usage } from "#powershell/invoke";
import { Worker, type WorkerOptions } from "#powershell/worker";
import type { Deadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";

export type { CertificateFacts, ClockFacts, Connection, ConnectRequest, InvokeRequest, ModuleFacts };

export type SessionOptions = WorkerOptions & {
  /** The module's .psd1 or a folder of it; null takes an installed ExchangeOnlineManagement. */
  modulePath: string | null;
  /** How long a call whose time is over may take to stop. 2 s by default. */
  stopGraceMs?: number;
};

/** One PowerShell process. It does one thing at a time: a call during another one is refused. */
export type PowerShellSession = {
  readonly pid: number | undefined;
  /** False after anything the session may not have survived: an exit, a call that did not stop, garbage, an answer left unread. */
  readonly isUsable: boolean;
  /** Cmdlets answered so far, and PowerShell's memory after the last one. */
  readonly callCount: number;
  readonly memoryBytes: number;
  /** May be called at once: the request waits for PowerShell to be ready. */
  connect(request: ConnectRequest): Promise<Connection>;
  /** What is told without a connection: of a certificate, of the module, of the time at a host. */
  inspectCertificate(request: CertificateRequest): Promise<CertificateFacts>;
  inspectModule(request: { deadline: Deadline }): Promise<ModuleFacts>;
  inspectClock(request: { hostName: string; deadline: Deadline }): Promise<ClockFacts>;
  /**
   * Streams a cmdlet's rows; where they are not taken, PowerShell waits. Nothing is sent before the first row is asked
   * for. At the deadline the call is stopped, and the session goes on. Leaving before the end ends the session.
   */
  invoke(request: InvokeRequest): AsyncGenerator<Row, void>;
  /** Resolves when PowerShell and its files are gone. May be called again. */
  close(): Promise<void>;
};

/**
 * Starts PowerShell at once and never throws: trouble shows in `connect` and `invoke`, as an ExchangeError
 * (POWERSHELL_…, MODULE_UNUSABLE, PARAMETER_INVALID), or as a CmdletError where PowerShell answered with errors.
 *
 * @example
 * const session = startSession({ powershellPath: "pwsh", modulePath: null });
 * const connection = await session.connect({ appId, organization, certificate, …, deadline });
 * for await (const row of session.invoke({ cmdlet: "Get-User", parameters: {}, select: ["Guid"], deadline })) …
 * await session.close();
 */
export function startSession(options: SessionOptions): PowerShellSession {
  try {
    return createSession(new Worker(options), options);
  } catch (error) {
    return unstartedSession(error);
  }
}

function createSession(worker: Worker, { modulePath, stopGraceMs }: SessionOptions): PowerShellSession {
  const calls = createCalls(worker, stopGraceMs);
  const usage: Usage = { callCount: 0, memoryBytes: 0 };
  return {
    pid: worker.pid,
    get isUsable() {
      return worker.isUsable;
    },
    get callCount() {
      return usage.callCount;
    },
    get memoryBytes() {
      return usage.memoryBytes;
    },
    connect: (request) => connect(worker, calls, { ...request, modulePath }),
    inspectCertificate: (request) => inspectCertificate(worker, calls, request),
    inspectModule: (request) => inspectModule(worker, calls, { ...request, modulePath }),
    inspectClock: (request) => inspectClock(worker, calls, request),
    invoke: (request) => invoke(worker, calls, usage, request),
    close: () => worker.close(calls.running),
  };
}

/** No folder could be made for it. */
function unstartedSession(cause: unknown): PowerShellSession {
  const text = `PowerShell was not started, because no folder could be made for it: ${String(cause)}`;
  const refuse = (): never => {
    throw new ExchangeError("POWERSHELL_START_FAILED", text, { cause });
  };
  return {
    pid: undefined,
    isUsable: false,
    callCount: 0,
    memoryBytes: 0,
    connect: async () => refuse(),
    inspectCertificate: async () => refuse(),
    inspectModule: async () => refuse(),
    inspectClock: async () => refuse(),
    // biome-ignore lint/correctness/useYield: there is nothing to give
    invoke: async function* () {
      refuse();
    },
    close: async () => {},
  };
}
