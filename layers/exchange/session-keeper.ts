import { createHash } from "node:crypto";
import { classifyError } from "#exchange/classify-error";
import { connectRequest } from "#exchange/connect-request";
import type { Credential } from "#exchange/credential";
import { withinDeadline } from "#exchange/within-deadline";
import { CmdletError } from "#powershell/cmdlet-error";
import { type Connection, type PowerShellSession, startSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/exchange-error";

export type SessionKeeperOptions = {
  powershellPath: string;
  modulePath: string | null;
  environmentName: ExchangeEnvironmentName;
  /** `isFresh` after a failed sign-in: what was kept of the secret may be what was wrong. */
  readCredential: (options: { isFresh: boolean }) => Promise<Credential>;
  /** Cmdlets after which a session is replaced, because the module leaks memory. 500 by default. */
  maxCalls?: number;
  /** PowerShell's memory above which a session is replaced. 700 MB by default. */
  maxMemoryBytes?: number;
};

type Kept = { session: PowerShellSession; connection?: Connection; credentialHash?: string };

/** Holds the one session of a client and replaces it when it has to be. */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  readonly #ending = new Set<Promise<void>>();
  #kept: Kept | undefined;
  #mustBeFresh = false;
  #isClosed = false;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
  }

  get connection(): Connection | undefined {
    return this.#kept?.connection;
  }

  /** Starts PowerShell where it does not run yet. */
  start(): Kept {
    if (this.#isClosed) throw new ExchangeError("UNEXPECTED", "The client of Exchange was closed before this call.");
    if (this.#kept && !this.#kept.session.isUsable) this.retire();
    const { powershellPath, modulePath } = this.#options;
    this.#kept ??= { session: startSession({ powershellPath, modulePath }) };
    return this.#kept;
  }

  /** The connected session. The credential is read while PowerShell starts. */
  async connect(deadline: Deadline): Promise<{ session: PowerShellSession; connection: Connection }> {
    this.start();
    const credential = await this.#readCredential(deadline);
    const credentialHash = hash(credential);
    if (this.#kept?.connection && this.#kept.credentialHash !== credentialHash) this.retire();

    const kept = this.start();
    kept.connection ??= await this.#open(kept.session, credential, deadline);
    kept.credentialHash = credentialHash;
    return { session: kept.session, connection: kept.connection };
  }

  /** Ends the session where it is worn out; the next call starts another one. */
  retireIfWorn(): void {
    const { maxCalls = 500, maxMemoryBytes = 700 * 1024 * 1024 } = this.#options;
    const session = this.#kept?.session;
    if (!session) return;
    if (!session.isUsable || session.callCount >= maxCalls || session.memoryBytes > maxMemoryBytes) this.retire();
  }

  /** Ends a session that signed in with what is no longer right: the next call reads the credential anew. */
  retireSignIn(): void {
    this.#mustBeFresh = true;
    this.retire();
  }

  retire(): void {
    const session = this.#kept?.session;
    this.#kept = undefined;
    if (!session) return;
    const ending = session.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.retire();
    await Promise.all(this.#ending);
  }

  async #readCredential(deadline: Deadline): Promise<Credential> {
    const isFresh = this.#mustBeFresh;
    this.#mustBeFresh = true;
    const credential = await withinDeadline(this.#options.readCredential({ isFresh }), deadline, "the credential");
    this.#mustBeFresh = false;
    return credential;
  }

  async #open(session: PowerShellSession, credential: Credential, deadline: Deadline): Promise<Connection> {
    const { environmentName } = this.#options;
    try {
      return await session.connect(connectRequest(credential, { environmentName, deadline }));
    } catch (error) {
      this.retireSignIn();
      throw error instanceof CmdletError ? classifyError(error, { access: "read", environmentName }) : error;
    }
  }
}

/** Tells one credential from another, without keeping either. */
function hash(credential: Credential): string {
  return createHash("sha256").update(JSON.stringify(credential)).digest("base64");
}
