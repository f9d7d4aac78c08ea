import { createHash } from "node:crypto";
import type { Credential } from "#exchange/credential";
import { isCredentialFault } from "#exchange/credential-fault";
import type { SecretStage } from "#storage/secrets";

/** Reads the credential in a version of the secret. Throws an ExchangeError that says what is wrong with it. */
export type ReadCredential = (stage: SecretStage) => Promise<Credential>;

/** The credential in one version of the secret, told from others by its id. `open` throws what is wrong with it. */
export type CredentialVersion = { id: string; open(): Credential };

/** Reads a version, broken or not. Throws where it is not known which: Secrets Manager could not answer. */
export async function readVersion(read: ReadCredential, stage: SecretStage): Promise<CredentialVersion> {
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
