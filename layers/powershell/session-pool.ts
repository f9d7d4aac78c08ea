import { type PowerShellSession, type SessionOptions, startSession } from "#powershell/session";
import { ExchangeError } from "#runtime/errors";

/** The PowerShell processes of one client. None outlives `close`. */
export class Sessions {
  readonly #options: SessionOptions;
  readonly #running = new Set<PowerShellSession>();
  readonly #ending = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  start(): PowerShellSession {
    if (this.#isClosed) throw new ExchangeError("UNEXPECTED", "The client of Exchange was closed before this call.");
    const session = startSession(this.#options);
    this.#running.add(session);
    return session;
  }

  /** Ends a session; nobody waits for it but `close`. May be called again. */
  end(session: PowerShellSession): void {
    this.#running.delete(session);
    const ending = session.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const session of this.#running) this.end(session);
    await Promise.all(this.#ending);
  }
}
