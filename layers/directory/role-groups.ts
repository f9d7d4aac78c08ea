/**
 * Role groups that every organization has.
 * https://learn.microsoft.com/exchange/permissions-exo/permissions-exo#role-groups
 */
const builtInNames: ReadonlySet<string> = new Set([
  "compliance management",
  "discovery management",
  "help desk",
  "hygiene management",
  "organization management",
  "recipient management",
  "records management",
  "security administrator",
  "security operator",
  "security reader",
  "um management",
  "view-only organization management",
]);

/** Those that stand for roles of Microsoft Entra ID have a number of their own behind the name: `TenantAdmins_-1785523426`. */
const linkedName =
  /^(?:tenantadmins|exchangeserviceadmins|helpdeskadmins|complianceadmins|securityadmins|securityreaders|globalreaders)_-?[0-9a-f]+$/;

/** Whether a name is that of a role group of Microsoft's: administrators by their duties, which nobody can write to. */
export function isBuiltInRoleGroup(name: string): boolean {
  const folded = name.toLowerCase();
  return builtInNames.has(folded) || linkedName.test(folded);
}
