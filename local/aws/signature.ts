import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** The key that opens every door of a local AWS, and belongs to one run of it. */
export type AwsCredentials = { accessKeyId: string; secretAccessKey: string };

/** A key that nobody else has. */
export function createCredentials(): AwsCredentials {
  return {
    accessKeyId: `LOCAL${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
}

/** A request as its client signed it: the URL is path and query as they came. */
export type SignedRequest = { method: string; url: string; headers: IncomingHttpHeaders; body: Buffer };

/** Why a request is refused at the door: without a signature in its headers, with a key of nobody, or another's signature. */
export type SignatureFault = "unsigned" | "unknownKey" | "wrongSignature";

type Signing = {
  /** Date, region and service, and the ending they always have. */
  scope: string;
  signedHeaders: string;
};

const algorithm = "AWS4-HMAC-SHA256";
const authorization = new RegExp(
  `^${algorithm} Credential=([^/,\\s]+)/([^,\\s]+), ?SignedHeaders=([^,\\s]+), ?Signature=([0-9a-f]{64})$`,
);

/**
 * What is wrong with a request's Signature Version 4; undefined where nothing is. How old it is, and for which region and
 * service it was made, is not looked at: a key opens all doors of one run. Signatures in a URL are not known.
 */
export function findSignatureFault(request: SignedRequest, credentials: AwsCredentials): SignatureFault | undefined {
  const parts = authorization.exec(request.headers.authorization ?? "");
  if (!parts) return "unsigned";
  const [, accessKeyId, scope = "", signedHeaders = "", signature = ""] = parts;
  if (accessKeyId !== credentials.accessKeyId) return "unknownKey";
  const expected = computeSignature(request, { scope, signedHeaders }, credentials);
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected)) ? undefined : "wrongSignature";
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function computeSignature(
  request: SignedRequest,
  { scope, signedHeaders }: Signing,
  { secretAccessKey }: Pick<AwsCredentials, "secretAccessKey">,
): string {
  const canonicalHash = sha256(canonicalRequest(request, signedHeaders));
  const text = [algorithm, request.headers["x-amz-date"], scope, canonicalHash].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, text).toString("hex");
}

function canonicalRequest({ method, url, headers, body }: SignedRequest, signedHeaders: string): string {
  const [path = "", ...query] = url.split("?");
  const lines = signedHeaders.split(";").map((name) => {
    return `${name}:${String(headers[name] ?? "")
      .trim()
      .replaceAll(/\s+/g, " ")}\n`;
  });
  const bodyHash = headers["x-amz-content-sha256"] ?? sha256(body);
  return [method, path, canonicalQuery(query.join("?")), lines.join(""), signedHeaders, bodyHash].join("\n");
}

/** Sorted by name, then by value: a tab, which no URL holds, comes before all that it does. */
function canonicalQuery(query: string): string {
  const pairs = query.split("&").filter(Boolean);
  const tabbed = pairs.map((pair) => (pair.includes("=") ? pair.replace("=", "\t") : `${pair}\t`));
  return tabbed.sort().join("&").replaceAll("\t", "=");
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
