import type { Tenant } from "#local/exchange/tenant/tenant";
import { distinguishedNameOf } from "#local/exchange/tenant/tenant-address";

export type CmdletFaultFields = {
  /** The HTTP status. */
  status: number;
  /** "NotFound", "BadRequest" and so on. */
  errorCode: string;
  /** "Ex6F9304", or empty where Exchange gives none. */
  id: string;
  /** The exception's full .NET name. */
  type: string;
  text: string;
};

/** A cmdlet's failure as Exchange Online tells it. */
export class CmdletFault extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly id: string;
  readonly type: string;
  readonly text: string;
  /** The .NET name without its namespace, for the header x-ExceptionType. */
  readonly exceptionType: string;

  constructor(fields: CmdletFaultFields) {
    super(`${fields.id}|${fields.type}|${fields.text}`);
    this.name = "CmdletFault";
    this.status = fields.status;
    this.errorCode = fields.errorCode;
    this.id = fields.id;
    this.type = fields.type;
    this.text = fields.text;
    this.exceptionType = fields.type.slice(fields.type.lastIndexOf(".") + 1);
  }
}

const directory = "Microsoft.Exchange.Data.Directory";

export function alreadyMember(member: string, group: string): CmdletFault {
  return badRequest(
    "Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException",
    `The recipient "${member}" is already a member of the group "${group}".`,
    "Ex93E602",
  );
}

/** What somebody is answered who does not own the group. */
export function requiresGroupManager(): CmdletFault {
  return badRequest(
    `${tasks}.OperationRequiresGroupManagerException`,
    "You don't have sufficient permissions. This operation can only be performed by a manager of the group.",
    "ExB6FAB5",
  );
}

/** What a write to an object is answered with that is kept in the on-premises directory. */
export function masteredOnPremises(cmdlet: string, parameter: string, group: string): CmdletFault {
  return badRequest(
    "System.InvalidOperationException",
    `The operation on group "${group}" failed because it's out of the current user's write scope. The action '${cmdlet}', '${parameter}', can't be performed on the object '${group}' because the object is being synchronized from your on-premises organization. This action should be performed on the object in your on-premises organization.`,
  );
}

/** What a Microsoft 365 group is answered with where distribution groups are written. */
export function groupMailboxUnsupported(): CmdletFault {
  return recipientTask("The current operation is not supported on GroupMailbox.");
}

export function recipientTask(text: string): CmdletFault {
  return badRequest(`${tasks}.RecipientTaskException`, text);
}

/** A name that another recipient has. */
export function nameNotAvailable(name: string): CmdletFault {
  return badRequest(
    `${directory}.NameNotAvailableException`,
    `The name "${name}" is already being used. Please try another name.`,
    "ExBF87FF",
  );
}

/** A name that something without mail has. */
export function objectAlreadyExists({ address }: Tenant, name: string): CmdletFault {
  return badRequest(
    `${directory}.ADObjectAlreadyExistsException`,
    `Active Directory operation failed on ${address.serverName}. The object '${distinguishedNameOf(address, name)}' already exists.`,
    "Ex17CDAE",
  );
}

/** `address` with its prefix. */
export function proxyAddressExists(address: string, holder: string): CmdletFault {
  return badRequest(
    "Microsoft.Exchange.Configuration.ObjectModel.ProxyAddressExistsException",
    `The proxy address "${address}" is already being used by the proxy addresses or LegacyExchangeDN of "${holder}". Please choose another proxy address.`,
    "Ex1472D1",
  );
}

export function notAcceptedDomain(): CmdletFault {
  return badRequest(
    `${tasks}.NotAcceptedDomainException`,
    "You can't use the domain because it's not an accepted domain for your organization.",
  );
}

/** A property of the finished object that has a value it must not have. */
export function invalidData(text: string): CmdletFault {
  return badRequest("Microsoft.Exchange.Data.DataValidationException", text);
}

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
