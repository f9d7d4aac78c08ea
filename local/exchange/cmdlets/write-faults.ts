import type { CmdletFault } from "#local/exchange/cmdlets/cmdlet-fault";
import { badRequest } from "#local/exchange/cmdlets/faults";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { distinguishedNameOf } from "#local/exchange/tenant/tenant-address";

const tasks = "Microsoft.Exchange.Configuration.Tasks";
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
