import { randomBytes } from "node:crypto";

/** The key that opens every door of a local AWS, and belongs to one run of it. */
export type AwsCredentials = { accessKeyId: string; secretAccessKey: string };

/** A key that nobody else has. */
export function createCredentials(): AwsCredentials {
  return {
    accessKeyId: `LOCAL${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
}
