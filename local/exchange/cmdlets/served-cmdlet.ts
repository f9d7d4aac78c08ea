import type { DirectoryObject } from "#local/exchange/answer/directory-object";
import type { JsonValue } from "#local/exchange/answer/json-value";
import type { Tenant } from "#local/exchange/tenant/tenant";

/** How a parameter's JSON is bound: a switch takes a boolean only, texts take one text or a list. */
export type ParameterKind = "text" | "texts" | "switch" | "size";

/** A cmdlet that InvokeCommand runs. */
export type ServedCmdlet = {
  readonly name: string;
  readonly access: "read" | "write";
  readonly parameters: Readonly<Record<string, ParameterKind>>;
  /** Every object that matches, in a stable order; cutting pages is the caller's. Throws CmdletFault. */
  run(tenant: Tenant, parameters: Readonly<Record<string, JsonValue>>): readonly DirectoryObject[];
};
