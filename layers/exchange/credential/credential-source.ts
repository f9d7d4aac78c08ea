import { createHash } from "node:crypto";
import type { Credential } from "#exchange/credential/credential";
import type { SignedIn } from "#exchange/session/sign-in";
import { type Deadline, withinDeadline } from "#runtime/deadline";
import { type ErrorCode, ExchangeError, toExchangeError } from "#runtime/errors";
import { logger, recordMetric } from "#runtime/telemetry";
import type { SecretStage } from "#storage/secrets";

/** Errors of a credential, and of what its app was given: one that is mended, or another one, does better. */
const credentialFaults: ReadonlySet<ErrorCode> = new Set([
  "SECRET_NOT_FOUND",
  "SECRET_UNREADABLE",
  "CREDENTIAL_INVALID",
  "CREDENTIAL_LEGACY",
  "CERTIFICATE_NOT_PFX",
  "CERTIFICATE_PASSWORD_WRONG",
  "CERTIFICATE_WITHOUT_KEY",
  "CERTIFICATE_NOT_YET_VALID",
  "CERTIFICATE_EXPIRED",
  "CERTIFICATE_NOT_REGISTERED",
  "APP_NOT_FOUND",
  "TENANT_NOT_FOUND",
  "RESOURCE_NOT_FOUND",
  "APP_ROLE_MISSING",
  "DIRECTORY_ROLE_MISSING",
  "SIGN_IN_REFUSED",
]);

/** Whether the credential is to blame, and not trouble that passes. */
export function isCredentialFault(thrown: unknown): thrown is ExchangeError {
  return thrown instanceof ExchangeError && credentialFaults.has(thrown.code) && !thrown.retryable;
}

/** A session, and which version of the credential it signed in with. */
export type Connected = SignedIn & { versionId: string };

type SignInWith = (credential: Credential) => Promise<SignedIn>;
type Options = { readCredential: ReadCredential; retryMs: number };
type Refusal = { versionId: string; until: number };

/**
 * Knows what to sign in with: the secret's current version; while that one cannot be used the last that could, or the
 * secret's previous one. What it knows is in memory and nowhere else.
 */
export class CredentialSource {
  readonly #options: Options;
  #lastGood: CredentialVersion | undefined;
  #refusal: Refusal | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Signs in with the best version that can be used. Where none can, what is wrong with the current one is thrown. */
  async signIn(signInWith: SignInWith, deadline: Deadline): Promise<Connected> {
    const current = await this.#readCurrent(deadline);
    const others = [async () => this.#lastGood, () => this.#read("AWSPREVIOUS", deadline)];
    const candidates = this.#isRefusedLately(current)
      ? [...others, async () => current]
      : [async () => current, ...others];
    const faults = new Map<string, ExchangeError>();
    for (const find of candidates) {
      const version = await find();
      if (version === undefined || faults.has(version.id)) continue;
      try {
        const connected = await this.#use(version, signInWith);
        const fault = faults.get(current.id);
        if (fault) this.#refuse(current, fault, connected);
        return connected;
      } catch (error) {
        if (!isCredentialFault(error)) throw error;
        faults.set(version.id, error);
      }
    }
    throw faults.get(current.id);
  }

  /** Signs in with the current version where it is another than the one in use; undefined where it is not, or cannot be used. */
  async renew(inUse: Connected, signInWith: SignInWith, deadline: Deadline): Promise<Connected | undefined> {
    const current = await this.#read("AWSCURRENT", deadline);
    if (current.id === inUse.versionId) return undefined;
    try {
      return await this.#use(current, signInWith);
    } catch (error) {
      if (!isCredentialFault(error)) throw error;
      this.#refuse(current, error, inUse);
      return undefined;
    }
  }

  /** What was signed in with is in doubt: the current version is tried first, even if it was refused lately. */
  invalidate(): void {
    if (this.#refusal) this.#refusal.until = 0;
  }

  async #use(version: CredentialVersion, signInWith: SignInWith): Promise<Connected> {
    const signedIn = await signInWith(version.open());
    this.#lastGood = version;
    return { ...signedIn, versionId: version.id };
  }

  #read(stage: SecretStage, deadline: Deadline): Promise<CredentialVersion> {
    return withinDeadline(readVersion(this.#options.readCredential, stage), deadline, "the credential");
  }

  /** While Secrets Manager cannot answer, what was good last counts as current. */
  async #readCurrent(deadline: Deadline): Promise<CredentialVersion> {
    try {
      return await this.#read("AWSCURRENT", deadline);
    } catch (error) {
      if (!this.#lastGood) throw error;
      logger.warn("Secret could not be read, using the last known credential", { error: toExchangeError(error) });
      return this.#lastGood;
    }
  }

  #isRefusedLately({ id }: CredentialVersion): boolean {
    return this.#refusal?.versionId === id && Date.now() < this.#refusal.until;
  }

  /** Said aloud once of a version, and counted each time, so that an alarm lasts as long as the trouble. */
  #refuse({ id }: CredentialVersion, error: ExchangeError, { connection }: SignedIn): void {
    const isNews = this.#refusal?.versionId !== id;
    this.#refusal = { versionId: id, until: Date.now() + this.#options.retryMs };
    recordMetric("CredentialRefused", 1);
    const details = { code: error.code, error, usableUntil: connection.certificate.notAfter };
    if (isNews) logger.error("Credential version rejected, using an earlier version", details);
  }
}

/** Reads the credential in a version of the secret. Throws an ExchangeError that says what is wrong with it. */
export type ReadCredential = (stage: SecretStage) => Promise<Credential>;

/** The credential in one version of the secret, told from others by its id. `open` throws what is wrong with it. */
export type CredentialVersion = { id: string; open(): Credential };

/** Reads a version, broken or not. Throws where it is not known which: Secrets Manager could not answer. */
async function readVersion(read: ReadCredential, stage: SecretStage): Promise<CredentialVersion> {
  try {
    const credential = await read(stage);
    return { id: hash(credential), open: () => credential };
  } catch (error) {
    if (!isCredentialFault(error)) throw error;
    const refuse = (): never => {
      throw error;
    };
    return { id: error.message, open: refuse };
  }
}

function hash(credential: Credential): string {
  return createHash("sha256").update(JSON.stringify(credential)).digest("base64");
}

/** Answers after which a session signs in again, because its token or its rights are not what they should be. */
const signInLost: ReadonlySet<ErrorCode> = new Set([
  ...credentialFaults,
  "NOT_CONNECTED",
  "CLOCK_WRONG",
  "COMMAND_NOT_PERMITTED",
  "PARAMETER_NOT_PERMITTED",
]);

/** Whether the next call has to sign in anew after this one. */
export function requiresReconnect(thrown: unknown): boolean {
  if (!(thrown instanceof ExchangeError)) return false;
  return signInLost.has(thrown.code) || requiresReconnect(thrown.cause);
}

/**
 * Whether a call was refused for the session's sign-in alone, so that it may go through once signed in anew. A write did
 * nothing then: where that is not certain, its error is `OUTCOME_UNKNOWN`.
 */
export function isSignInRefused(thrown: unknown): boolean {
  return isCredentialFault(thrown) || (thrown instanceof ExchangeError && thrown.code === "NOT_CONNECTED");
}
