import * as z from "zod";

const part = /^[A-Za-z0-9_-]+$/;
const jsonObject = z.record(z.string(), z.unknown());

/** A JSON Web Token taken apart; its signature is not checked. https://www.rfc-editor.org/rfc/rfc7519 */
export type Jwt = {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  signature: Buffer;
  /** What the signature is made over. */
  signedText: string;
};

/** Undefined where the text is no JWT. */
export function decodeJwt(text: string): Jwt | undefined {
  const parts = text.split(".");
  const [header = "", claims = "", signature = ""] = parts;
  if (parts.length !== 3 || !parts.every((each) => part.test(each))) return undefined;
  const decodedHeader = decodeObject(header);
  const decodedClaims = decodeObject(claims);
  if (!decodedHeader || !decodedClaims) return undefined;
  return {
    header: decodedHeader,
    claims: decodedClaims,
    signature: Buffer.from(signature, "base64url"),
    signedText: `${header}.${claims}`,
  };
}

export function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decodeObject(encoded: string): Record<string, unknown> | undefined {
  try {
    return jsonObject.safeParse(JSON.parse(Buffer.from(encoded, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
