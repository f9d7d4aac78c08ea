import type { AwsCredentials } from "#local/aws/signature";

/** The key of every local AWS that tests start. */
export const credentials: AwsCredentials = { accessKeyId: "test", secretAccessKey: "test" };
