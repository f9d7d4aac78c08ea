import type { Credential } from "#exchange/credential/credential";
import { type Connected, CredentialSource, type ReadCredential } from "#exchange/credential/credential-source";
import { Renewal } from "#exchange/session/renewal";
import { openReplacementSession, type SignedIn, signIn } from "#exchange/session/sign-in";
import type { Connection, PowerShellSession, SessionOptions } from "#powershell/session";
import { Sessions } from "#powershell/session-pool";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import { logger, recordMetric } from "#runtime/telemetry";

export type SessionManagerOptions = SessionOptions & {
  environmentName: ExchangeEnvironmentName;
  readCredential: ReadCredential;
  /** How often it is looked whether the credential has changed. Five minutes by default. */
  refreshMs?: number;
  /** Cmdlets after which a session is replaced, because the module leaks memory. 500 by default. */
  maxCalls?: number;
  /** PowerShell's memory above which a session is replaced. 700 MB by default. */
  maxMemoryBytes?: number;
};

/** Holds the one session of a client and replaces it when it has to be. */
export class SessionManager {
  readonly #options: SessionManagerOptions;
  readonly #sessions: Sessions;
  readonly #credentials: CredentialSource;
  readonly #renewal: Renewal;
  #session: PowerShellSession | undefined;
  #connected: Connected | undefined;

  constructor(options: SessionManagerOptions) {
    const { readCredential, refreshMs = 5 * 60_000, ...session } = options;
    this.#options = options;
    this.#sessions = new Sessions(session);
    this.#credentials = new CredentialSource({ readCredential, retryMs: refreshMs });
    this.#renewal = new Renewal((...limits) => this.#openSuccessor(...limits), refreshMs);
  }

  get connection(): Connection | undefined {
    return this.#connected?.connection;
  }

  /** Starts PowerShell where it does not run yet. */
  start(): PowerShellSession {
    if (this.#session?.isUsable === false) this.#retire();
    this.#session ??= this.#sessions.start();
    return this.#session;
  }

  /**
   * The session for a call. When the secret has changed, a session with the new credential is opened beside the one in use,
   * and takes its place here, between two calls, once it is connected.
   */
  async connect(deadline: Deadline): Promise<Connected> {
    if (this.#takeNewest()) await this.#renewal.advance(deadline);
    else await this.#renewal.finish(deadline);
    return this.#takeNewest() ?? this.#signIn(deadline);
  }

  /** Ends the session where it is worn out; the next call starts another one. */
  recycleIfNeeded(): void {
    const { maxCalls = 500, maxMemoryBytes = 700 * 1024 * 1024 } = this.#options;
    const session = this.#session;
    if (!session) return;
    if (!session.isUsable || session.callCount >= maxCalls || session.memoryBytes > maxMemoryBytes) this.#retire();
  }

  /** Ends a session that signed in with what is no longer right: the next call begins with what the secret then holds. */
  retireSignIn(): void {
    this.#credentials.invalidate();
    this.#retire();
  }

  async close(): Promise<void> {
    this.#renewal.cancel();
    this.#retire();
    await this.#sessions.close();
  }

  /** The session that was connected last, as long as it lives and its certificate is valid. */
  #takeNewest(): Connected | undefined {
    const successor = this.#renewal.take();
    if (successor) this.#replaceBy(successor);
    if (!this.#connected) return undefined;
    const { session, connection } = this.#connected;
    if (connection.certificate.notAfter.getTime() < Date.now()) this.retireSignIn();
    else if (!session.isUsable) this.#retire();
    return this.#connected;
  }

  #replaceBy(successor: Connected): void {
    this.#retire();
    this.#session = successor.session;
    this.#connected = successor;
    logger.info("Session with the new credential opened, using it from now on", {
      usableUntil: successor.connection.certificate.notAfter,
    });
  }

  #retire(): void {
    if (this.#session?.isUsable === false) recordMetric("SessionLost", 1);
    if (this.#session) this.#sessions.end(this.#session);
    this.#session = undefined;
    this.#connected = undefined;
  }

  async #signIn(deadline: Deadline): Promise<Connected> {
    this.start(); // while the credential is read
    this.#connected = await this.#credentials.signIn((credential) => this.#signInWith(credential, deadline), deadline);
    this.#renewal.schedule();
    return this.#connected;
  }

  async #signInWith(credential: Credential, deadline: Deadline): Promise<SignedIn> {
    try {
      return await signIn(this.start(), credential, { ...this.#options, deadline });
    } catch (error) {
      this.#retire();
      throw error;
    }
  }

  async #openSuccessor(deadline: Deadline, signal: AbortSignal): Promise<Connected | undefined> {
    const inUse = this.#connected;
    if (!inUse) return undefined;
    const { environmentName } = this.#options;
    const options = { sessions: this.#sessions, inUse: inUse.connection, environmentName, deadline, signal };
    return this.#credentials.renew(inUse, (credential) => openReplacementSession(credential, options), deadline);
  }
}
