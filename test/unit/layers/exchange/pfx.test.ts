import { expect, test } from "vitest";
import { parsePfx } from "#exchange/credential/pfx";
import { makePfx } from "#test/support/make-pfx";

const { pfx, cer, pem } = makePfx("secret");
const text = pfx.toString("base64");

test("takes the base64 of a PFX", () => {
  expect(parsePfx(text)).toBe(text);
});

test("takes white space and line breaks out of the base64", () => {
  const wrapped = ` ${text.replaceAll(/.{64}/g, "$&\r\n")}\n`;

  expect(parsePfx(wrapped)).toBe(text);
});

test("takes a PFX whose outermost length is left open, as older tools write it", () => {
  const open = Buffer.from([0x30, 0x80, 0x02, 0x01, 0x03, 0x00, 0x00]).toString("base64");

  expect(parsePfx(open)).toBe(open);
});

const lines = (begin: string, body: string) =>
  `-----BEGIN ${begin}-----\r\n${body.replaceAll(/.{64}/g, "$&\r\n")}\r\n-----END ${begin}-----\r\n`;

test.each([
  ["the lines of certutil -encode", lines("CERTIFICATE", text)],
  ["another base64", Buffer.from(text).toString("base64")],
  ["another base64 with line breaks", Buffer.from(`${text.replaceAll(/.{76}/g, "$&\n")}\n`).toString("base64")],
  ["another base64 around the lines of certutil", Buffer.from(lines("CERTIFICATE", text)).toString("base64")],
])("takes a PFX with %s around it", (_, wrapped) => {
  expect(parsePfx(wrapped)).toBe(text);
});

test.each([
  ["PEM text", pem, /PEM text, not a PFX.*openssl pkcs12 -export/],
  ["PEM text behind line breaks", `\n${pem}`, /PEM text/],
  ["the base64 of PEM text", Buffer.from(pem).toString("base64"), /base64 of PEM text/],
  ["a .cer file", cer.toString("base64"), /no private key/],
  ["base64 of something else", Buffer.from("hello, certificate").toString("base64"), /not of a PFX/],
  ["one byte", "MA==", /not of a PFX/],
  ["a length that is never given", Buffer.from([0x30, 0x84, 1]).toString("base64"), /not of a PFX/],
  ["a PFX cut short", pfx.subarray(0, 700).toString("base64"), /end is missing/],
  ["a path", "C:\\certificates\\app.pfx", /not base64.*ToBase64String/],
  ["base64 with a letter missing at its end", "AAAAA", /not base64/],
])("refuses %s", (_, certificate, message) => {
  expect(() => parsePfx(certificate)).toThrow(
    expect.objectContaining({ code: "CERTIFICATE_NOT_PFX", message: expect.stringMatching(message) }),
  );
});
