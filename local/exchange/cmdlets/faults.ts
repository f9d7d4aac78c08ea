import { CmdletFault } from "#local/exchange/cmdlets/cmdlet-fault";
import type { Tenant } from "#local/exchange/tenant/tenant";

const tasks = "Microsoft.Exchange.Configuration.Tasks";
const automation = "System.Management.Automation";

/** What a Get- cmdlet answers where nothing has that identity. */
export function objectNotFound(tenant: Tenant, identity: string): CmdletFault {
  return new CmdletFault({
    status: 404,
    errorCode: "NotFound",
    id: "Ex6F9304",
    type: `${tasks}.ManagementObjectNotFoundException`,
    text: `The operation couldn't be performed because object '${identity}' couldn't be found on '${tenant.serverName}'.`,
  });
}

/** What is answered where a parameter, or a cmdlet that writes, names a recipient that is not there. */
export function recipientNotFound(identity: string): CmdletFault {
  return new CmdletFault({
    status: 404,
    errorCode: "NotFound",
    id: "Ex94914C",
    type: `${tasks}.ManagementObjectNotFoundException`,
    text: `Couldn't find object "${identity}". Please make sure that it was spelled correctly or specify a different object.`,
  });
}

/** How most cmdlets name an identity that several objects have. */
export function matchesMultipleEntries(identity: string): CmdletFault {
  return new CmdletFault({
    status: 404,
    errorCode: "NotFound",
    id: "Ex9E65A2",
    type: `${tasks}.ManagementObjectNotFoundException`,
    text: `The operation couldn't be performed because '${identity}' matches multiple entries.`,
  });
}

/** How recipients name an identity that several of them have. */
export function multipleRecipients(identity: string): CmdletFault {
  return badRequest(
    `${tasks}.ManagementObjectAmbiguousException`,
    `There are multiple recipients matching the identity "${identity}". Please specify a unique value.`,
    "Ex8155FB",
  );
}

/** What an unknown parameter is answered with. */
export function ambiguousParameterSet(): CmdletFault {
  return badRequest(
    "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException",
    "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.",
  );
}

/** What a value of the wrong kind is answered with, as PowerShell says it. */
export function cannotConvert(parameter: string, fromType: string, toType: string): CmdletFault {
  return badRequest(
    `${automation}.ParameterBindingException`,
    `Cannot convert '${fromType}' to the type '${toType}' required by parameter '${parameter}'.`,
  );
}

/** What an empty value is answered with where one is needed, as PowerShell says it. */
export function cannotBindEmpty(parameter: string): CmdletFault {
  return badRequest(
    `${automation}.ParameterBindingValidationException`,
    `Cannot bind argument to parameter '${parameter}' because it is an empty string.`,
  );
}

/** What a value is answered with that a property of the object does not take. */
export function cannotBind(parameter: string, reason: string): CmdletFault {
  return badRequest(
    `${automation}.ParameterBindingException`,
    `Cannot bind parameter '${parameter}' to the target. Exception setting "${parameter}": "${reason}"`,
  );
}

/** What a text that names no member of an enumeration is answered with, as PowerShell says it. */
export function unknownMember(
  parameter: string,
  value: string,
  typeName: string,
  members: readonly string[],
): CmdletFault {
  const reason = `Unable to match the identifier name ${value} to a valid enumerator name. Specify one of the following enumerator names and try again:\r\n${members.join(", ")}`;
  return badRequest(
    `${automation}.ParameterBindingArgumentTransformationException`,
    `Cannot process argument transformation on parameter '${parameter}'. Cannot convert value "${value}" to type "${typeName}". Error: "${reason}"`,
  );
}

/** A refusal of what was asked. */
export function badRequest(type: string, text: string, id = ""): CmdletFault {
  return new CmdletFault({ status: 400, errorCode: "BadRequest", id, type, text });
}
