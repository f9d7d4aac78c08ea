import type { DirectoryRecord, MutableRecord, NewRecord } from "#local/exchange/tenant/directory-record";
import { Tenant } from "#local/exchange/tenant/tenant";

/**
 * A directory as a domain controller shows it that does not know its newest objects yet. What is written through it is
 * written to the directory itself.
 */
export class LaggingTenant extends Tenant {
  readonly #tenant: Tenant;
  readonly #isKnown: (record: DirectoryRecord) => boolean;

  /** Objects made after `knownUntilMs` are unknown. */
  constructor(tenant: Tenant, knownUntilMs: number) {
    const { id, address, acceptedDomains, defaultDomain } = tenant;
    super({ id, address, acceptedDomains, defaultDomain, seed: 0 });
    this.groupNamingPolicy = tenant.groupNamingPolicy;
    this.#tenant = tenant;
    this.#isKnown = ({ whenCreatedMs }) => whenCreatedMs <= knownUntilMs;
  }

  override get whole(): Tenant {
    return this.#tenant.whole;
  }

  override get records(): readonly DirectoryRecord[] {
    return this.#tenant.records.filter(this.#isKnown);
  }

  override find(identity: string, isWanted: (record: DirectoryRecord) => boolean): readonly DirectoryRecord[] {
    return this.#tenant.find(identity, (record) => this.#isKnown(record) && isWanted(record));
  }

  override findByDistinguishedName(text: string): DirectoryRecord | undefined {
    const found = this.#tenant.findByDistinguishedName(text);
    return found && this.#isKnown(found) ? found : undefined;
  }

  override directReportsOf(record: DirectoryRecord): readonly DirectoryRecord[] {
    return this.#tenant.directReportsOf(record).filter(this.#isKnown);
  }

  override addUser(fields: NewRecord): DirectoryRecord {
    return this.#tenant.addUser(fields);
  }

  override addUsers(users: readonly NewRecord[]): readonly DirectoryRecord[] {
    return this.#tenant.addUsers(users);
  }

  override addRecords(records: readonly DirectoryRecord[]): void {
    this.#tenant.addRecords(records);
  }

  override updateObject(record: DirectoryRecord, changes: Partial<Omit<MutableRecord, "guid" | "isRemoved">>): void {
    this.#tenant.updateObject(record, changes);
  }

  override removeObject(record: DirectoryRecord): void {
    this.#tenant.removeObject(record);
  }
}
