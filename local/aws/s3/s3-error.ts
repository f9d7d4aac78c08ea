import type { Answer, ErrorFaultKind } from "#local/aws/http-server";
import type { SignatureFault } from "#local/aws/signature";

/** S3's own codes, statuses and words: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const errors = {
  AccessDenied: [403, "Access Denied"],
  BadDigest: [400, "The checksum you specified did not match the calculated checksum."],
  BucketAlreadyOwnedByYou: [409, "Your previous request to create the named bucket succeeded and you already own it."],
  ConditionalRequestConflict: [
    409,
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
  ],
  IncompleteBody: [400, "You did not provide the number of bytes specified by the Content-Length HTTP header."],
  InternalError: [500, "We encountered an internal error. Please try again."],
  InvalidAccessKeyId: [403, "The AWS Access Key Id you provided does not exist in our records."],
  InvalidArgument: [400, "Invalid Argument"],
  InvalidBucketName: [400, "The specified bucket is not valid."],
  InvalidRange: [416, "The requested range is not satisfiable"],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLongError: [400, "Your key is too long"],
  MalformedTrailerError: [400, "The request contained trailing data that was not well-formed."],
  NoSuchBucket: [404, "The specified bucket does not exist"],
  NoSuchKey: [404, "The specified key does not exist."],
  NotImplemented: [501, "A header you provided implies functionality that is not implemented"],
  PreconditionFailed: [412, "At least one of the pre-conditions you specified did not hold"],
  SignatureDoesNotMatch: [403, "The request signature we calculated does not match the signature you provided."],
  SlowDown: [503, "Please reduce your request rate."],
  XAmzContentSHA256Mismatch: [400, "The provided 'x-amz-content-sha256' header does not match what was computed."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type S3ErrorCode = keyof typeof errors;

/** A refusal, answered as S3 does. `details` are further elements of the answer, such as the key. */
export class S3Error extends Error {
  readonly code: S3ErrorCode;
  readonly details: Record<string, string>;

  constructor(code: S3ErrorCode, details: Record<string, string> = {}, message: string = errors[code][1]) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** What this server does not know, named: nothing is passed over that a client may count on. */
export function notImplemented(what: string): S3Error {
  return new S3Error("NotImplemented", {}, `This S3 does not implement ${what}.`);
}

export function errorAnswer({ code, message, details }: S3Error): Answer {
  const element = xmlElement("Error", { Code: code, Message: message, ...details });
  return { status: errors[code][0], headers: { "content-type": "application/xml" }, body: xmlDocument(element) };
}

const faultCodes: Record<ErrorFaultKind, S3ErrorCode> = {
  slowDown: "SlowDown",
  internalError: "InternalError",
  conflict: "ConditionalRequestConflict",
  accessDenied: "AccessDenied",
};

export function faultAnswer(kind: ErrorFaultKind): Answer {
  return errorAnswer(new S3Error(faultCodes[kind]));
}

const refusalCodes: Record<SignatureFault, S3ErrorCode> = {
  unsigned: "AccessDenied",
  unknownKey: "InvalidAccessKeyId",
  wrongSignature: "SignatureDoesNotMatch",
};

export function refusal(fault: SignatureFault): Answer {
  return errorAnswer(new S3Error(refusalCodes[fault]));
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** An element: each of `members` an element of text in it, then further elements. */
export function xmlElement(
  name: string,
  members: Record<string, string | number | boolean>,
  elements: readonly string[] = [],
): string {
  const texts = Object.entries(members).map(([member, value]) => `<${member}>${escapeXml(String(value))}</${member}>`);
  return `<${name}>${texts.join("")}${elements.join("")}</${name}>`;
}

export function xmlDocument(element: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element}`;
}
