import { badRequest, type CmdletFault, cannotBind } from "#local/exchange/cmdlets/faults";

/** What each filter language answers to a filter it cannot take. */
export type FilterFaults = {
  syntax(position: number): CmdletFault;
  unknownProperty(name: string, position: number): CmdletFault;
  notFilterable(name: string, position: number): CmdletFault;
  operator(operator: string): CmdletFault;
  value(value: string, typeName: string): CmdletFault;
};

/** Nesting beyond this is refused rather than followed. */
export const maximumDepth = 200;

/** The words with which a parameter `-Filter` fails to bind. */
export function opathFaults(filter: string): FilterFaults {
  const at = (position: number) => `\r\n"${filter}" at position ${position + 1}.`;
  const unrecognized = (name: string, position: number) =>
    opathFault(
      `"${name}" is not a recognized filterable property. For a complete list of filterable properties see the command help.${at(position)}`,
    );
  return {
    syntax: (position) =>
      opathFault(
        `Invalid filter syntax. For a description of the filter parameter syntax see the command help.${at(position)}`,
      ),
    unknownProperty: unrecognized,
    notFilterable: unrecognized,
    operator: (operator) =>
      opathFault(`"-${operator}" is not a valid operator. For a list of supported operators see the command help.`),
    value: (value, typeName) => opathFault(`The value "${value}" could not be converted to type ${typeName}.`),
  };
}

function opathFault(text: string): CmdletFault {
  return cannotBind("Filter", text);
}

/** The words with which OData refuses a `$filter`. */
export function odataFaults(filter: string): FilterFaults {
  return {
    syntax: (position) => odataFault(`Syntax error at position ${position} in '${filter}'.`),
    unknownProperty: unknownODataProperty,
    notFilterable: (name) => odataFault(`The property '${name}' cannot be used in the $filter query option.`),
    operator: (operator) => odataFault(`The operator '${operator}' cannot be used with this property.`),
    value: (value, typeName) => odataFault(`The value '${value}' could not be converted to type ${typeName}.`),
  };
}

export function unknownODataProperty(name: string): CmdletFault {
  return odataFault(`Could not find a property named '${name}' on type 'Exchange.Recipient'.`);
}

function odataFault(text: string): CmdletFault {
  return badRequest("Microsoft.OData.ODataException", `The query specified in the URI is not valid. ${text}`);
}
