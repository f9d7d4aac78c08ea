import * as z from "zod";
import type { Connection } from "#powershell/session";
import { ExchangeError } from "#runtime/errors";
import { summarizeIssues } from "#runtime/text";

/**
 * The parameters to send, those that go with every call included. Anything the description does not allow is
 * `PARAMETER_INVALID`, an identity `IDENTITY_INVALID`, without repeating the value.
 */
export function checkParameters<Row, Parameters>(
  cmdlet: Cmdlet<Row, Parameters, Access>,
  parameters: Parameters,
): Record<string, CallValue> {
  const parsed = cmdlet.parameters.safeParse(parameters);
  if (!parsed.success) {
    const isIdentity = parsed.error.issues.some(
      (issue) => issue.code === "custom" && issue.params?.isIdentity === true,
    );
    const code = isIdentity ? "IDENTITY_INVALID" : "PARAMETER_INVALID";
    throw new ExchangeError(
      code,
      `${cmdlet.name} cannot be called with these parameters: ${summarizeIssues(parsed.error)}`,
    );
  }
  const { propertiesParameter: name, properties } = cmdlet;
  const selection = name === undefined ? {} : { [name]: properties };
  return { ...(parsed.data as Record<string, CallValue>), ...cmdlet.alwaysSent, ...selection };
}

/**
 * The parameters that this app sends, those added that it may use. `COMMAND_NOT_PERMITTED` or `PARAMETER_NOT_PERMITTED` where
 * its roles lack the cmdlet or a parameter that is needed.
 */
export function permitParameters<Row, Parameters>(
  connection: Connection,
  cmdlet: Cmdlet<Row, Parameters, Access>,
  values: Record<string, CallValue>,
): Record<string, CallValue> {
  const isPermitted = permissionsOf(connection, cmdlet.name);
  if (isPermitted === undefined) {
    throw new ExchangeError(
      "COMMAND_NOT_PERMITTED",
      `The app may not use ${cmdlet.name}: its session lacks it. Give the app an Exchange role that has ${cmdlet.name}.`,
    );
  }
  const missing = Object.keys(values).filter((name) => !isPermitted(name));
  if (missing.length > 0) {
    throw new ExchangeError(
      "PARAMETER_NOT_PERMITTED",
      `The app may use ${cmdlet.name}, but not with ${missing.join(", ")}. Give the app an Exchange role that has ${cmdlet.name} with it.`,
    );
  }
  const added = Object.entries(cmdlet.sentWherePermitted).filter(([name]) => isPermitted(name));
  return { ...values, ...Object.fromEntries(added) };
}

/**
 * Tells of a parameter whether the app may use it; undefined where it may not use the cmdlet. PowerShell's names are the
 * same in any letter case.
 */
export function permissionsOf({ commands }: Connection, cmdlet: string): ((parameter: string) => boolean) | undefined {
  const wanted = cmdlet.toLowerCase();
  const permitted = commands.entries().find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (permitted === undefined) return undefined;
  const names = new Set([...permitted].map((name) => name.toLowerCase()));
  return (parameter) => names.has(parameter.toLowerCase());
}

/** A value of a parameter as PowerShell binds it: a switch is a boolean, an enum its name. */
export type CallValue = string | number | boolean | readonly string[];

/** One object of Exchange's answer, before anything is known of it. */
export type AnswerRow = Readonly<Record<string, unknown>>;

export type Access = "read" | "write";

/** What the gateway knows of one cmdlet: what it may send and what it reads from the answer. */
export type Cmdlet<Row, Parameters, Kind extends Access = "read"> = {
  readonly name: string;
  readonly access: Kind;
  /** "served" ones come from Exchange when connecting and are asked for by name; "module" ones are in the module itself. */
  readonly home: "module" | "served";
  readonly parameters: ParametersSchema<Parameters>;
  /** Parameters that go with every call. */
  readonly alwaysSent: Readonly<Record<string, CallValue>>;
  /** Parameters that go with every call of an app that may use them. */
  readonly sentWherePermitted: Readonly<Record<string, CallValue>>;
  /** The properties asked for. Naming one that does not exist can fail the whole call. */
  readonly properties: readonly string[];
  /** The parameter that names them to Exchange, where the cmdlet has one. */
  readonly propertiesParameter: string | undefined;
  readonly row: z.ZodType<Row>;
  /** Names a row that is not as `row` says, by nothing but its id. */
  rowId(row: AnswerRow): string | undefined;
};

/** An object of parameters; its shape tells their names. */
type ParametersSchema<Parameters> = z.ZodType<Parameters> & { readonly shape: Readonly<Record<string, unknown>> };

/** A cmdlet whatever its rows and parameters are. */
export type AnyCmdlet = Omit<Cmdlet<unknown, unknown, Access>, "parameters"> & {
  readonly parameters: Pick<ParametersSchema<unknown>, "shape">;
};

type Description<Shape extends z.ZodRawShape, Parameters, Kind extends Access> = Pick<
  Cmdlet<unknown, Parameters, Kind>,
  "name" | "access" | "home" | "parameters" | "rowId"
> & {
  /** Every property that is asked for; others are allowed in a row and left alone. */
  row: z.ZodObject<Shape, z.core.$loose>;
  alwaysSent?: Readonly<Record<string, CallValue>>;
  sentWherePermitted?: Readonly<Record<string, CallValue>>;
  propertiesParameter?: string;
};

/**
 * Describes a cmdlet. The properties asked for are the ones its row has.
 *
 * @example
 * export const getUser = defineCmdlet({
 *   name: "Get-User", access: "read", home: "served", rowId: objectId,
 *   parameters: z.strictObject({ Identity: identitySchema.exactOptional() }),
 *   row: z.looseObject({ Guid: z.string(), DisplayName: textProperty }),
 * });
 */
export function defineCmdlet<Shape extends z.ZodRawShape, Parameters, Kind extends Access>(
  description: Description<Shape, Parameters, Kind>,
): Cmdlet<z.infer<z.ZodObject<Shape, z.core.$loose>>, Parameters, Kind> {
  const optional = { alwaysSent: {}, sentWherePermitted: {}, propertiesParameter: undefined };
  return { ...optional, ...description, properties: Object.keys(description.row.shape) };
}

/** Every parameter that the gateway may send, without those that go only where the app may use them. */
export function parametersSent({ parameters, alwaysSent, propertiesParameter }: AnyCmdlet): string[] {
  const properties = propertiesParameter === undefined ? [] : [propertiesParameter];
  return [...Object.keys(parameters.shape), ...Object.keys(alwaysSent), ...properties];
}

/** The same cmdlet with rows of other properties, so that what one object is asked for does not slow down long lists. */
export function selectProperties<Shape extends z.ZodRawShape, Parameters, Kind extends Access>(
  cmdlet: Cmdlet<unknown, Parameters, Kind>,
  row: z.ZodObject<Shape, z.core.$loose>,
): Cmdlet<z.infer<z.ZodObject<Shape, z.core.$loose>>, Parameters, Kind> {
  return { ...cmdlet, row, properties: Object.keys(row.shape) };
}

/** Text, null or "" where it is empty, absent where the object has no such property. */
export const textProperty = z.string().nullish();

export const flagProperty = z.boolean().nullish();

/** Texts in Exchange's order; empty ones come as [] or null. */
export const listProperty = z.array(z.string()).nullish();

/** ISO 8601; without a zone it is UTC. */
export const timeProperty = z.iso.datetime({ offset: true, local: true }).nullish();

/** How many objects at most. Without it Exchange gives 1000 and no more than a warning. */
export const resultSizeSchema = z.union([z.literal("Unlimited"), z.number().int().positive()]);

/**
 * A filter in OPATH, made of our own constants and of distinguished names Exchange gave us, never of what people typed.
 * https://learn.microsoft.com/powershell/exchange/recipient-filters
 */
export const filterSchema = z
  .string()
  .regex(/\S/, "The filter is blank, which would find every object.")
  .refine((text) => text.isWellFormed(), "The filter holds half of a surrogate pair, which is no character.");
