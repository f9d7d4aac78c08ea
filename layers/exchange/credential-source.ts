import type { Credential } from "#exchange/credential";
import { isCredentialFault } from "#exchange/credential-fault";
import { type CredentialVersion, type ReadCredential, readVersion } from "#exchange/credential-version";
import type { SignedIn } from "#exchange/sign-in";
import { type Deadline, withinDeadline } from "#runtime/deadline";
import { type ExchangeError, toExchangeError } from "#runtime/errors";
import { logger, recordMetric } from "#runtime/telemetry";
import type { SecretStage } from "#storage/secrets";

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
  doubt(): void {
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
      logger.warn("The secret could not be read: the last credential is used", { error: toExchangeError(error) });
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
    if (isNews) logger.error("The credential in the secret cannot be used: an earlier one is", details);
  }
}
