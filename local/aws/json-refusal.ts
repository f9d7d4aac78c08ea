import type { Answer } from "#local/aws/http-server";
import type { SignatureFault } from "#local/aws/signature";

const errors = {
  unsigned: ["MissingAuthenticationTokenException", "Missing Authentication Token"],
  unknownKey: ["UnrecognizedClientException", "The security token included in the request is invalid."],
  wrongSignature: [
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided.",
  ],
} as const satisfies Record<SignatureFault, readonly [type: string, message: string]>;

/** How AWS's services that speak JSON refuse a request at the door. */
export function jsonRefusal(fault: SignatureFault): Required<Answer> {
  const [__type, message] = errors[fault];
  const headers = { "content-type": "application/x-amz-json-1.1" };
  return { status: 400, headers, body: JSON.stringify({ __type, message }) };
}
