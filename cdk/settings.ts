import * as z from "zod";
import { exchangeEnvironmentNames, resourceKinds, userSources } from "#runtime/configuration";

/** So that runs come at the same hours each day. */
const everyHours = z.literal([1, 2, 3, 4, 6, 8, 12, 24]);

const schedulesSchema = z.strictObject({
  usersEveryHours: everyHours.default(4),
  groupsEveryHours: everyHours.default(12),
  validateAtHour: z.int().min(0).max(23).default(6),
  timeZone: z.string().refine(isTimeZone, "is no time zone, such as Europe/Berlin").default("UTC"),
});

const tenantSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,16}[a-z0-9]$/, "must be 2 to 18 small letters, digits and hyphens"),
  region: z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, "is no AWS region, such as eu-central-1"),
  account: z
    .string()
    .regex(/^\d{12}$/, "must be an AWS account's 12 digits, as text")
    .exactOptional(),
  environment: z.enum(exchangeEnvironmentNames).default("O365Default"),
  userSource: z.enum(userSources).default("recipients"),
  userInclude: z.array(z.enum(resourceKinds)).default([]),
  shrinkLimit: z.int().min(0).max(100).default(20),
  schedules: schedulesSchema.prefault({}),
  alarmEmail: z.email().exactOptional(),
  architecture: z.enum(["x86_64", "arm64"]).default("x86_64"),
});

const settingsSchema = z.object({
  tenants: z.array(tenantSchema).min(1).refine(haveNamesOfTheirOwn, "Two tenants have the same name"),
  imageFolder: z.string().min(1).default("dist/image"),
  imageArguments: z.record(z.string(), z.string()).default({}),
  runbook: z.string().min(1).default("docs/runbook.md"),
  createTestEventRegistry: z.union([z.boolean(), z.stringbool()]).default(true),
});

/** What is deployed, and where. docs/operations.md says what each setting means. */
export type Settings = z.infer<typeof settingsSchema>;
export type TenantSettings = z.infer<typeof tenantSchema>;

/** Reads the context of cdk.json, or of `cdk -c name=value`. Throws a sentence for each setting that is wrong. */
export function readSettings(context: Record<string, unknown>): Settings {
  const parsed = settingsSchema.safeParse(context);
  if (parsed.success) return parsed.data;
  throw new Error(`The context in cdk.json is not right:\n${z.prettifyError(parsed.error)}`);
}

function haveNamesOfTheirOwn(tenants: readonly { name: string }[]): boolean {
  return new Set(tenants.map(({ name }) => name)).size === tenants.length;
}

/** Whether it is a name of the IANA's, as it writes it: schedules take no other. Node takes old abbreviations and any letter case. */
function isTimeZone(timeZone: string): boolean {
  if (!/^(?:UTC|[A-Z]\w+(?:\/[A-Z][\w+-]+)+)$/.test(timeZone)) return false;
  try {
    const { timeZone: known } = new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions();
    return known === timeZone || known.toLowerCase() !== timeZone.toLowerCase();
  } catch {
    return false;
  }
}
