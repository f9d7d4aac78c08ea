import { environments } from "#exchange/clouds";
import { generateGroups, generateOtherGroups, generateRoleGroups } from "#local/exchange/tenant/generate-groups";
import { generatePeople } from "#local/exchange/tenant/generate-people";
import { generateResources } from "#local/exchange/tenant/generate-resources";
import { startGeneration } from "#local/exchange/tenant/generation";
import { createRandom } from "#local/exchange/tenant/random";
import { Tenant } from "#local/exchange/tenant/tenant";
import { createTenantAddress } from "#local/exchange/tenant/tenant-address";
import type { ExchangeEnvironmentName } from "#runtime/configuration";

type GenerateOptions = { users: number; groups: number; seed: number; environment?: ExchangeEnvironmentName };

/**
 * A tenant that follows from its seed alone. `users` counts the objects a snapshot of users holds by default, from
 * Get-EXORecipient and Get-User alike; `groups` those Get-DistributionGroup shows. Resources, contacts, system
 * mailboxes and groups of other kinds stand beside them. Its first domain is of the cloud named, the worldwide one by default.
 */
export function generateTenant(options: GenerateOptions): Tenant {
  const random = createRandom(options.seed);
  const domain = `contoso${options.seed}.${environments[options.environment ?? "O365Default"].domainSuffix}`;
  const mailDomain = "contoso.com";
  const tenant = new Tenant({
    id: random.guid(),
    address: createTenantAddress(domain, "EURPR07A013.PROD.OUTLOOK.COM", "AM0PR07A13DC001"),
    acceptedDomains: [domain, mailDomain],
    defaultDomain: mailDomain,
    seed: options.seed,
  });

  const generation = startGeneration(random, tenant.address, mailDomain);
  const people = generatePeople(generation, options.users);
  const resources = generateResources(generation, options.users);
  const roleGroups = generateRoleGroups(generation);
  const population = { people, resources };
  const groups = generateGroups(generation, options.groups, population, roleGroups);
  const otherGroups = generateOtherGroups(generation, options.groups, population);

  for (const records of [people, ...Object.values(resources), roleGroups, groups, otherGroups])
    tenant.addRecords(records);
  return tenant;
}
