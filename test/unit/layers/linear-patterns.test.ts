import { expect, test } from "vitest";
import { knownTime } from "#directory/fields";
import { kindOfIdentity } from "#directory/identity";
import { resolveOwner } from "#directory/owners";
import { isBuiltInRoleGroup } from "#directory/recipient-types";
import { parseCredential } from "#exchange/credential/credential";
import { isLegacyCredential } from "#exchange/credential/legacy";
import { classifyError } from "#exchange/errors/classify";
import { addressSchema, aliasSchema, identitySchema, nameSchema, noteSchema, quoteDn } from "#exchange/values";
import { aliasOf, type CreateGroupRequest } from "#operations/create-group/request";
import { operationIdSchema } from "#operations/message";
import type { CmdletError } from "#powershell/calls";
import { visibleLine } from "#runtime/text";
import { failureOf, recordOf, recordOfExceptions } from "#test/support/error-records";
import { rowsOf, startScriptedClient } from "#test/unit/layers/directory/scripted-client";

/** A pattern that tries again from every place of a text as long takes many minutes; the tier's guard ends the test. */
const long = 500_000;

const repeated = [
  ...[" ", "\n", "a", "A", "0", "é", "-", ".", "@", "=", "'", '"', "{", "T", "+"],
  ...["a ", "a.", "a@", "a=", "=:", ". ", "{ ", '{"', "\r\n"],
  ...["-eyJ", "Exception", ".Exception|", "smtp:", "cn=a,", ",DC=a", "CN=a,DC=", "/o=a", "12-"],
  ...["AADSTS70011", "Unauthorized"],
  ...["Case when Message contains:AADSTS70011", "HttpStatusCode=1", "' matches multiple entries", "New-PSSession "],
  ...["-Authentication ", "user=", "isn't assigned to "],
];
/** With an end that a pattern for the whole text, or for its end, does not take. */
const texts = repeated.map((part) => `${part.repeat(long / part.length)} !.`);

const connecting = { access: "read", environmentName: "O365Default" } as const;
const classify = (failure: CmdletError) => classifyError(failure, connecting).code;

/** Everything that meets text from outside with a pattern. */
test.each<[string, (text: string) => unknown]>([
  ["an identity", (text) => [kindOfIdentity(text), identitySchema.safeParse(text).success]],
  ["an operation's id", (text) => operationIdSchema.safeParse(text).success],
  ["a group's name", (text) => nameSchema.safeParse(text).success],
  ["a group's alias", (text) => aliasSchema.safeParse(text).success],
  ["a group's address", (text) => addressSchema.safeParse(text).success],
  ["a note", (text) => noteSchema.safeParse(text).success],
  ["a name that an alias is made of", (name) => aliasOf({ name, operationId: "one" } as CreateGroupRequest)],
  ["a role group's name", isBuiltInRoleGroup],
  ["a distinguished name", (text) => unlessRefused(() => quoteDn(text))],
  ["a time", (text) => unlessRefused(() => knownTime(text))],
  ["a secret", isLegacyCredential],
  ["a secret's values", (text) => unlessRefused(() => parseCredential(secretOf(text), "O365Default"))],
  ["a refusal", (text) => classify(failureOf("connect", recordOf(text)))],
  ["a call's refusal", (text) => classify(failureOf("invoke", recordOf(text)))],
  ["an exception's type", (text) => classify(failureOf("invoke", recordOfExceptions([text, text])))],
  ["a text that is printed", visibleLine],
])("reads %s in one pass, however long it is", (_, read) => {
  for (const text of texts) expect(read(text)).toBeDefined();
});

/** Rarer places to try again from, so a longer text. */
test.each(["AADSTS700027 ", "The role assigned to application ", "Access to the path "])(
  "reads a refusal in one pass that says '%s' again and again",
  (part) => {
    expect(classify(failureOf("connect", recordOf(part.repeat((6 * long) / part.length))))).toBeDefined();
  },
);

test("finds names at the end of a long secret", () => {
  expect(isLegacyCredential(`${"a ".repeat(long / 2)}\nuser = x\npassword: y`)).toBe(true);
});

test("looks for owners' addresses in one pass, however long Exchange's texts about them are", async () => {
  const anna = { RecipientTypeDetails: "UserMailbox", Name: "anna", DistinguishedName: "CN=anna,DC=COM" };
  const [first, second] = ["1", "2"].map((digit) => ({
    ...anna,
    ExchangeObjectId: `00000000-0000-4000-8000-00000000000${digit}`,
    PrimarySmtpAddress: `anna-${digit}@contoso.com`,
  }));
  const { client, options, stop } = startScriptedClient(rowsOf(first ?? {}, second ?? {}));

  const ownerNames = [...texts, "(ANNA-2@contoso.com, Anna Alt)"];
  const resolved = await resolveOwner(client, { owner: "anna", ownerNames }, options);
  await stop();

  expect(resolved).toMatchObject({ person: { primaryAddress: "anna-2@contoso.com" } });
});

function secretOf(text: string): string {
  const app = { app_id: text, tenant_domain: text, certificate: text, certificate_password: text };
  return JSON.stringify({ ...app, certificate_expires_on: text });
}

function unlessRefused(read: () => unknown): unknown {
  try {
    return read() ?? null;
  } catch (error) {
    return error;
  }
}
