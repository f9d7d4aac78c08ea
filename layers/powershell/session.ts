import { ask, type Calls, CmdletError, createCalls } from "#powershell/calls";
import type { ParameterValue, Row } from "#powershell/frames";
import {
  type CertificateFacts,
  type CertificateRequest,
  type ClockFacts,
  inspectCertificate,
  inspectClock,
  inspectModule,
  type ModuleFacts,
} from "#powershell/inspect";
import { resolveModulePath } from "#powershell/module-path";
import { type Answer, garbled, Worker, type WorkerOptions } from "#powershell/worker";
import type { Deadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";

export type { CertificateFacts, ClockFacts, ModuleFacts };

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
async function connect(
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

export type InvokeRequest = {
  cmdlet: string;
  /** Sent as data with their types, never as script text. */
  parameters: Readonly<Record<string, ParameterValue>>;
  /** The properties a row is made of. */
  select: readonly string[];
  deadline: Deadline;
  /** Called with each warning after the last row. Those of a call that failed are in its CmdletError. */
  onWarning?: (text: string) => void;
  /** Called when PowerShell may have got the call. A failure before that has done nothing. */
  onSent?: () => void;
};

/** What a session has cost so far. */
type Usage = { callCount: number; memoryBytes: number };

/**
 * Streams the rows of one cmdlet, counting them: fewer or more than PowerShell says it wrote are POWERSHELL_GARBLED.
 * Notes in `usage` what the call cost.
 */
async function* invoke(
  worker: Worker,
  calls: Calls,
  usage: Usage,
  { cmdlet, parameters, select, deadline, onWarning, onSent }: InvokeRequest,
): AsyncGenerator<Row, void> {
  let rows = 0;
  let last: Answer | undefined;
  for await (const frame of calls.run({ op: "invoke", cmdlet, parameters, select }, deadline, onSent)) {
    last = frame;
    if (frame.type !== "rows") break;
    for (const row of frame.rows) {
      rows += 1;
      yield row;
      // The deadline may have ended the process while the reader was busy.
      if (worker.failure) throw worker.failure;
    }
  }

  const when = `while running ${cmdlet}`;
  if (last?.type !== "done" && last?.type !== "failed" && last?.type !== "stopped") {
    throw worker.fail(garbled(`"${last?.type}" as the end`, when));
  }
  usage.callCount += 1;
  usage.memoryBytes = last.memoryBytes;
  if (last.type !== "done") throw new CmdletError(last);
  if (last.rows !== rows) throw worker.fail(garbled(`${rows} rows, of which it counts ${last.rows},`, when));
  for (const warning of last.warnings) onWarning?.(warning);
}
