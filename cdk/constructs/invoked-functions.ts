import { Construct } from "constructs";
import { type FunctionEnvironment, GatewayFunction } from "#cdk/constructs/gateway-function";
import { mapNames } from "#cdk/map-names";
import { type InvokedFunction, invokedFunctions } from "#functions/facts";

/** The functions that whoever invokes them waits for. */
export class InvokedFunctions extends Construct {
  readonly functions: Record<InvokedFunction, GatewayFunction>;

  constructor(scope: Construct, id: string, props: FunctionEnvironment) {
    super(scope, id);
    this.functions = mapNames(
      invokedFunctions,
      (name) => new GatewayFunction(this, name, { ...props, name, facts: invokedFunctions[name] }),
    );
  }
}
