import { ExchangeError } from "#runtime/exchange-error";

const denied = "Allow the function's role s3:GetObject and s3:PutObject on it.";

/** What to do by the name of S3's error. */
const advice: Record<string, string> = {
  AccessDenied: `${denied} Without s3:ListBucket a missing object is refused like this too.`,
  NoSuchBucket: "There is no such bucket: correct GATEWAY_BUCKET.",
  PermanentRedirect: "The bucket is in another region: correct AWS_REGION or GATEWAY_BUCKET.",
  InvalidAccessKeyId: denied,
  SignatureDoesNotMatch: denied,
  CredentialsProviderError: "The function has no AWS credentials.",
};

/** A failure of S3 as an ExchangeError: `STORAGE_DENIED` until somebody puts it right, else `STORAGE_UNAVAILABLE`. */
export function storageError(error: unknown, bucket: string, key: string): ExchangeError {
  const name = error instanceof Error ? error.name : String(error);
  const place = `s3://${bucket}/${key}`;
  const known = advice[name];
  if (known !== undefined) return new ExchangeError("STORAGE_DENIED", `${place}: ${name}. ${known}`, { cause: error });
  const message = error instanceof Error ? error.message : "";
  return new ExchangeError("STORAGE_UNAVAILABLE", `${place}: ${name} ${message}. S3 was asked several times.`, {
    cause: error,
  });
}
