import type { DirectoryRecord, MutableRecord } from "#local/exchange/tenant/directory-record";
import { IdentityIndex } from "#local/exchange/tenant/identity-index";
import { identityKeysOf, nameKeysOf, withoutPrefix } from "#local/exchange/tenant/identity-keys";
import { completeRecord, type NewRecord } from "#local/exchange/tenant/new-record";
import { createRandom, type Random } from "#local/exchange/tenant/random";
import { SortedRecords } from "#local/exchange/tenant/sorted-records";
import { guidInLegacyExchangeDn, nameInTenant, type TenantAddress } from "#local/exchange/tenant/tenant-address";

export type TenantOptions = { id: string; address: TenantAddress; acceptedDomains: readonly string[]; seed: number };

/** One organization's directory, held in memory. Names are unique in it, as Exchange keeps them; the caller sees to that. */
export class Tenant {
  readonly id: string;
  readonly address: TenantAddress;
  readonly acceptedDomains: readonly string[];
  readonly #random: Random;
  readonly #records = new SortedRecords();
  #index: { identities: IdentityIndex; names: IdentityIndex } | undefined;
  #directReports: Map<DirectoryRecord, DirectoryRecord[]> | undefined;

  constructor(options: TenantOptions) {
    this.id = options.id;
    this.address = options.address;
    this.acceptedDomains = options.acceptedDomains;
    this.#random = createRandom(options.seed + 1);
  }

  /** The initial domain, `….onmicrosoft.com`. */
  get domain(): string {
    return this.address.domain;
  }

  get serverName(): string {
    return this.address.serverName;
  }

  /** Every object, sorted by name. The list is a new one after each change of the tenant. */
  get records(): readonly DirectoryRecord[] {
    return this.#records.list();
  }

  /** Adds a user mailbox, or what `recipientTypeDetails` says, and answers it. */
  addUser(fields: NewRecord): DirectoryRecord {
    const record = completeRecord(fields, this.domain, this.#random);
    this.addRecords([record]);
    return record;
  }

  addUsers(users: readonly NewRecord[]): readonly DirectoryRecord[] {
    const records = users.map((fields) => completeRecord(fields, this.domain, this.#random));
    this.addRecords(records);
    return records;
  }

  /** Adds a distribution group, or what `recipientTypeDetails` says, and answers it. */
  addGroup(fields: NewRecord): DirectoryRecord {
    return this.addUser({ recipientTypeDetails: "MailUniversalDistributionGroup", ...fields });
  }

  /** Adds finished records. */
  addRecords(records: readonly DirectoryRecord[]): void {
    this.#records.add(records);
    if (this.#index) for (const record of records) this.#addToIndex(this.#index, record);
    this.#directReports = undefined;
  }

  /** Changes an object's name, and with it its DN. */
  renameUser(record: DirectoryRecord, name: string): void {
    this.updateObject(record, { name });
  }

  /** Changes an object in place; WhenChanged becomes now unless the changes say otherwise. */
  updateObject(record: DirectoryRecord, changes: Partial<Omit<MutableRecord, "guid" | "isRemoved">>): void {
    this.#take(record);
    const mutable: MutableRecord = record;
    Object.assign(mutable, { whenChangedMs: Math.floor(Date.now() / 1000) * 1000, ...changes });
    this.addRecords([record]);
  }

  /** Removes an object; whoever had it as manager, owner or member has it no more. */
  removeObject(record: DirectoryRecord): void {
    this.#take(record);
    const mutable: MutableRecord = record;
    mutable.isRemoved = true;
    for (const { group } of this.records) group?.members.delete(record);
  }

  addMember(group: DirectoryRecord, member: DirectoryRecord): void {
    group.group?.members.add(member);
  }

  removeMember(group: DirectoryRecord, member: DirectoryRecord): void {
    group.group?.members.delete(member);
  }

  /**
   * The objects of the kind asked for that an identity names. An id, address or DN decides before names do, and names,
   * aliases and display names count alike: more than one answer is an ambiguous identity.
   */
  find(identity: string, isWanted: (record: DirectoryRecord) => boolean): readonly DirectoryRecord[] {
    const { identities, names } = this.#indexed();
    const id = guidInLegacyExchangeDn(identity) ?? withoutPrefix(identity);
    const byId = [...identities.find(id), ...this.#findByPath(identity)].filter(isWanted);
    if (byId.length > 0) return [...new Set(byId)];
    return names.find(identity).filter(isWanted);
  }

  /** The object a DN or canonical name of this tenant names. */
  findByDistinguishedName(text: string): DirectoryRecord | undefined {
    return this.#findByPath(text)[0];
  }

  directReportsOf(record: DirectoryRecord): readonly DirectoryRecord[] {
    this.#directReports ??= Map.groupBy(
      this.records.filter((report) => report.manager !== undefined),
      (report) => report.manager ?? report,
    );
    return this.#directReports.get(record) ?? [];
  }

  #findByPath(text: string): readonly DirectoryRecord[] {
    const name = nameInTenant(this.address, text);
    if (name === undefined) return [];
    const folded = name.toLowerCase();
    return this.#indexed()
      .names.find(name)
      .filter((record) => record.name.toLowerCase() === folded);
  }

  #take(record: DirectoryRecord): void {
    this.#records.remove(record);
    if (this.#index) {
      for (const key of identityKeysOf(record)) this.#index.identities.remove(key, record);
      for (const key of nameKeysOf(record)) this.#index.names.remove(key, record);
    }
    this.#directReports = undefined;
  }

  #indexed() {
    if (this.#index) return this.#index;
    const index = { identities: new IdentityIndex(), names: new IdentityIndex() };
    for (const record of this.records) this.#addToIndex(index, record);
    this.#index = index;
    return index;
  }

  #addToIndex(index: { identities: IdentityIndex; names: IdentityIndex }, record: DirectoryRecord): void {
    for (const key of identityKeysOf(record)) index.identities.add(key, record);
    for (const key of nameKeysOf(record)) index.names.add(key, record);
  }
}
