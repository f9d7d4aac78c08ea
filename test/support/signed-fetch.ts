import { computeSignature } from "#local/aws/signature";
import { credentials } from "#test/support/credentials";

type Headers = Record<string, string>;
type Sent = { method?: string; headers?: Headers; body?: string; signal?: AbortSignal | null };

/** A request of any shape to a local AWS, signed with the tests' key unless another is given. */
export function signedFetch(url: string, sent: Sent = {}, key = credentials): Promise<Response> {
  const { host, href, origin } = new URL(url);
  const { method = "GET", headers = {}, body = "" } = sent;
  const signed = signHeaders({ method, url: href.slice(origin.length), headers: { host, ...headers }, body }, key);
  return fetch(url, { ...sent, headers: signed });
}

/** Headers, the host among them, with the signature of all of them. */
export function signHeaders(
  { headers, body, ...request }: { method: string; url: string; headers: Headers; body: string },
  key = credentials,
): Headers {
  const dated: Headers = { "x-amz-date": "20260131T080000Z", ...headers };
  const scope = "20260131/eu-central-1/s3/aws4_request";
  const signedHeaders = Object.keys(dated).sort().join(";");
  const signature = computeSignature(
    { ...request, headers: dated, body: Buffer.from(body) },
    { scope, signedHeaders },
    key,
  );
  const parts = [`Credential=${key.accessKeyId}/${scope}`, `SignedHeaders=${signedHeaders}`, `Signature=${signature}`];
  return { ...dated, authorization: `AWS4-HMAC-SHA256 ${parts.join(", ")}` };
}
