import type { DirectoryObject } from "#local/exchange/answer/directory-object";
import type { JsonValue } from "#local/exchange/answer/json-value";
import type { Tenant } from "#local/exchange/tenant/tenant";

/**
 * How a parameter's JSON is bound: switches and booleans from true and false alone, `list` from one text or a list,
 * `texts` likewise, where commas part one text into several.
 */
export type ParameterKind = "text" | "texts" | "list" | "switch" | "boolean" | "size";

/** A cmdlet that InvokeCommand runs. */
export type ServedCmdlet = {
  readonly name: string;
  readonly access: "read" | "write";
  readonly parameters: Readonly<Record<string, ParameterKind>>;
  /**
   * Every object that matches, or that was made, in the order of their places; cutting pages is the caller's. `nowMs` is
   * the server's clock. Throws CmdletFault.
   */
  run(tenant: Tenant, parameters: Readonly<Record<string, JsonValue>>, nowMs?: number): readonly DirectoryObject[];
};
