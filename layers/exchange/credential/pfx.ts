import { ExchangeError } from "#runtime/errors";

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const pemStart = "-----BEGIN";
const sequenceTag = 0x30;
const indefiniteLength = 0x80;
/** A PFX begins with its version, the integer 3: https://www.rfc-editor.org/rfc/rfc7292#section-4 */
const version = Buffer.from([0x02, 0x01, 0x03]);

const howToEncode =
  'Store the .pfx file as base64 text: base64 -w0 app.pfx, or [Convert]::ToBase64String([IO.File]::ReadAllBytes("app.pfx")).';
const howToConvert =
  "Make a .pfx of certificate and private key (openssl pkcs12 -export -in app.crt -inkey app.key -out app.pfx) and store that as base64 text.";

/** The lines that `certutil -encode` puts around any file. */
const armour = /-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----/g;

/**
 * The base64 text of a PFX without what tools put around it: white space, the lines of `certutil -encode`, a second base64,
 * as of a vault that gives its files as text already. Text that cannot be a PFX is `CERTIFICATE_NOT_PFX`; whether the rest of
 * it is one, and fits its password, only opening it shows.
 */
export function parsePfx(text: string): string {
  const bare = withoutArmour(text);
  const compact = isPfx(bare) ? bare : (encodedTwice(bare) ?? text.replaceAll(/\s+/g, ""));
  if (compact.startsWith(pemStart)) throw notPfx("The certificate is PEM text, not a PFX.", howToConvert);
  if (!base64.test(compact) || compact.replace(/=+$/, "").length % 4 === 1) {
    throw notPfx("The certificate is not base64.", howToEncode);
  }

  const bytes = Buffer.from(compact, "base64");
  if (bytes.toString("latin1", 0, pemStart.length) === pemStart) {
    throw notPfx("The certificate is the base64 of PEM text, not of a PFX.", howToConvert);
  }
  const content = contentOf(bytes);
  if (!content || !beginsAsPfx(bytes)) {
    throw notPfx("The certificate is base64, but not of a PFX (a .cer file holds no private key).", howToConvert);
  }
  if (content.end > bytes.length) {
    throw notPfx("The certificate is a PFX whose end is missing, as if it had been cut when copied.", howToEncode);
  }
  return compact;
}

function withoutArmour(text: string): string {
  return text.replaceAll(armour, "").replaceAll(/\s+/g, "");
}

/** What is inside, where the text is the base64 of a PFX that was base64 text before. */
function encodedTwice(compact: string): string | undefined {
  if (!base64.test(compact)) return undefined;
  const inner = withoutArmour(Buffer.from(compact, "base64").toString("latin1"));
  return isPfx(inner) ? inner : undefined;
}

function isPfx(compact: string): boolean {
  return base64.test(compact) && beginsAsPfx(Buffer.from(compact, "base64"));
}

function beginsAsPfx(bytes: Buffer): boolean {
  const content = contentOf(bytes);
  return content !== undefined && bytes.subarray(content.start, content.start + version.length).equals(version);
}

/** Where the content of the outermost DER sequence starts and should end; undefined where there is none. */
function contentOf(bytes: Buffer): { start: number; end: number } | undefined {
  const [tag, length] = bytes;
  if (tag !== sequenceTag || length === undefined) return undefined;
  if (length < indefiniteLength) return { start: 2, end: 2 + length };
  if (length === indefiniteLength) return { start: 2, end: 2 };
  const start = 2 + (length - indefiniteLength);
  if (start > 6 || bytes.length < start) return undefined;
  return { start, end: start + bytes.readUIntBE(2, start - 2) };
}

function notPfx(what: string, fix: string): ExchangeError {
  return new ExchangeError("CERTIFICATE_NOT_PFX", { what, fix });
}
