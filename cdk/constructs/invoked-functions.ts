import { Construct } from "constructs";
import { type FunctionSurroundings, GatewayFunction } from "#cdk/constructs/gateway-function";
import { type InvokedFunction, invokedFunctions } from "#cdk/gateway-functions";
import { mapNames } from "#cdk/map-names";

/** The functions that whoever invokes them waits for. */
export class InvokedFunctions extends Construct {
  readonly functions: Record<InvokedFunction, GatewayFunction>;

  constructor(scope: Construct, id: string, props: FunctionSurroundings) {
    super(scope, id);
    this.functions = mapNames(
      invokedFunctions,
      (name) => new GatewayFunction(this, name, { ...props, name, facts: invokedFunctions[name] }),
    );
  }
}
