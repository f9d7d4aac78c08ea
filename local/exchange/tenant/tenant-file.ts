import { readFileSync } from "node:fs";
import * as z from "zod";
import { hasMailbox, isGroupType, recipientTypeDetailsNames } from "#local/exchange/tenant/recipient-types";

const text = z.string().min(1);
const time = z.iso.datetime({ offset: true });
const identities = z.array(text).describe("Name, alias or address of each, in the file or in the generated tenant.");
const restriction = z.enum(["Open", "Closed", "ApprovalRequired"]);
const cmdlet = z.string().regex(/^[A-Za-z]+-[A-Za-z]+$/, "is no cmdlet's name");

/** What recipients and groups have alike. */
const fields = {
  name: text.max(64).describe("Unique in the tenant, in any letter case."),
  displayName: text.exactOptional().describe("The name where it is absent."),
  alias: text.max(64).exactOptional().describe("Made of the name where it is absent."),
  primaryAddress: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, "is no mail address")
    .exactOptional()
    .describe("The alias at the tenant's default domain where it is absent."),
  addresses: z
    .array(z.string().regex(/^(?!SMTP:)(?:[A-Za-z0-9]+:.+|[^\s@:]+@[^\s@]+)$/, "is no other address of an object"))
    .exactOptional()
    .describe("With a prefix such as smtp:, SIP: or X500:; without one an address is smtp:."),
  isHiddenFromAddressLists: z.boolean().exactOptional(),
  isMasteredOnPremises: z.boolean().exactOptional(),
  createdAt: time.exactOptional(),
};

const recipientSchema = z
  .strictObject({
    type: z.enum(recipientTypeDetailsNames.filter((type) => !isGroupType(type))),
    ...fields,
    userPrincipalName: text.exactOptional(),
    isDisabled: z.boolean().exactOptional().describe("Whether nobody may sign in to the account."),
    hasMailbox: z
      .boolean()
      .exactOptional()
      .describe("false of a UserMailbox: its mailbox has not been made yet, and Exchange shows the account as User."),
  })
  .refine(
    ({ type, hasMailbox: asked }) => asked === undefined || asked === hasMailbox(type) || type === "UserMailbox",
    { path: ["hasMailbox"], message: "contradicts the type" },
  );

const groupSchema = z
  .strictObject({
    type: z.enum(recipientTypeDetailsNames.filter(isGroupType)),
    ...fields,
    members: identities.exactOptional(),
    owners: identities.exactOptional(),
    isMembershipHidden: z.boolean().exactOptional(),
    joinRestriction: restriction.exactOptional(),
    departRestriction: restriction.exactOptional(),
    calculatedAt: time
      .exactOptional()
      .describe("Of a DynamicDistributionGroup: when Exchange last found out who is in it."),
  })
  .refine(({ type, calculatedAt }) => calculatedAt === undefined || type === "DynamicDistributionGroup", {
    path: ["calculatedAt"],
    message: "is for a DynamicDistributionGroup alone",
  })
  .refine(
    ({ type, ...rest }) =>
      type !== "MailUniversalSecurityGroup" || (rest.joinRestriction !== "Open" && rest.departRestriction !== "Open"),
    { message: "Nobody may come to a security group, or go, by themselves" },
  );

/** What is to be in a tenant beside what is generated, and what Exchange withholds from the app. */
export const tenantFileSchema = z.strictObject({
  recipients: z.array(recipientSchema).exactOptional(),
  groups: z.array(groupSchema).exactOptional(),
  namingPolicy: z
    .strictObject({
      prefix: z.string().exactOptional(),
      suffix: z.string().exactOptional(),
      blockedWords: z.array(text).exactOptional(),
    })
    .exactOptional()
    .describe("What the names of new distribution groups have to be like."),
  rights: z
    .strictObject({
      withoutCmdlets: z.array(cmdlet).exactOptional(),
      withoutParameters: z.record(cmdlet, z.array(text)).exactOptional(),
    })
    .exactOptional(),
});

export type TenantFile = z.infer<typeof tenantFileSchema>;
export type NewRecipient = z.infer<typeof recipientSchema>;
export type NewGroup = z.infer<typeof groupSchema>;

/** What is wrong with a tenant file, and where. */
export class TenantFileError extends Error {}

/** Reads a tenant file. Throws TenantFileError. */
export function readTenantFile(path: string): TenantFile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new TenantFileError(`${path} cannot be read: ${(error as Error).message}`);
  }
  const file = tenantFileSchema.safeParse(json);
  if (file.success) return file.data;
  throw new TenantFileError(`${path} is not as it has to be.\n${z.prettifyError(file.error)}`);
}
