import { Construct } from "constructs";
import { type FunctionSurroundings, GatewayFunction } from "#cdk/constructs/gateway-function";
import { type InvokedFunction, invokedFunctions } from "#cdk/gateway-functions";

/** The functions that whoever invokes them waits for. */
export class InvokedFunctions extends Construct {
  readonly functions: Record<InvokedFunction, GatewayFunction>;

  constructor(scope: Construct, id: string, props: FunctionSurroundings) {
    super(scope, id);
    this.functions = {
      "list-group-members": this.#add("list-group-members", props),
      "find-group-owners": this.#add("find-group-owners", props),
    };
  }

  #add(name: InvokedFunction, props: FunctionSurroundings): GatewayFunction {
    return new GatewayFunction(this, name, { ...props, name, facts: invokedFunctions[name] });
  }
}
