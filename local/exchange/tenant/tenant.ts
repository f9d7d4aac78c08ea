import {
  completeRecord,
  type DirectoryRecord,
  type MutableRecord,
  type NewRecord,
} from "#local/exchange/tenant/directory-record";
import { RecordIndex, withoutPrefix } from "#local/exchange/tenant/identity-index";
import { createRandom, type Random } from "#local/exchange/tenant/random";
import { guidInLegacyExchangeDn, nameInTenant, type TenantAddress } from "#local/exchange/tenant/tenant-address";

/** Records in the order of their names, whatever the letter case. Sorting waits until somebody looks. */
class SortedRecords {
  #sorted: readonly DirectoryRecord[] = [];
  #added: DirectoryRecord[] = [];
  readonly #removed = new Set<DirectoryRecord>();

  add(records: readonly DirectoryRecord[]): void {
    for (const record of records) this.#added.push(record);
  }

  /** Takes one record out. Call it before the record's name changes. */
  remove(record: DirectoryRecord): void {
    if (this.#added.length > 0) this.#settle();
    this.#removed.add(record);
  }

  list(): readonly DirectoryRecord[] {
    this.#settle();
    return this.#sorted;
  }

  #settle(): void {
    if (this.#removed.size > 0) {
      this.#sorted = this.#sorted.filter((record) => !this.#removed.has(record));
      this.#removed.clear();
    }
    if (this.#added.length === 0) return;
    this.#sorted = sortByName([...this.#sorted, ...this.#added]);
    this.#added = [];
  }
}

function sortByName(records: readonly DirectoryRecord[]): readonly DirectoryRecord[] {
  const keyed = records.map((record) => ({ record, key: record.name.toLowerCase() }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.record.guid < b.record.guid ? -1 : 1));
  return keyed.map(({ record }) => record);
}

/** https://learn.microsoft.com/exchange/recipients-in-exchange-online/manage-distribution-groups/create-group-naming-policy */
export type GroupNamingPolicy = { prefix?: string; suffix?: string; blockedWords?: readonly string[] };

/** A group's name or display name as the policy makes it. */
export function applyNamingPolicy({ prefix = "", suffix = "" }: GroupNamingPolicy, name: string): string {
  return `${prefix}${name}${suffix}`;
}

/** The first blocked word that is in a name, in any letter case. */
export function findBlockedWord({ blockedWords = [] }: GroupNamingPolicy, name: string): string | undefined {
  return blockedWords.find((word) => name.toLowerCase().includes(word.toLowerCase()));
}

export type TenantOptions = {
  id: string;
  address: TenantAddress;
  acceptedDomains: readonly string[];
  /** Where new objects get their addresses unless told; the initial domain unless this says otherwise. */
  defaultDomain?: string;
  seed: number;
};

/** One organization's directory, held in memory. Names are unique in it, as Exchange keeps them; the caller sees to that. */
export class Tenant {
  readonly id: string;
  readonly address: TenantAddress;
  readonly acceptedDomains: readonly string[];
  readonly defaultDomain: string;
  /** What the names of new distribution groups have to be like, if anything. */
  groupNamingPolicy: GroupNamingPolicy | undefined;
  readonly #random: Random;
  readonly #records = new SortedRecords();
  #index: RecordIndex | undefined;
  #directReports: Map<DirectoryRecord, DirectoryRecord[]> | undefined;

  constructor(options: TenantOptions) {
    this.id = options.id;
    this.address = options.address;
    this.acceptedDomains = options.acceptedDomains;
    this.defaultDomain = options.defaultDomain ?? options.address.domain;
    this.#random = createRandom(options.seed + 1);
  }

  /** The domain that the tenant has had from its beginning. */
  get domain(): string {
    return this.address.domain;
  }

  get serverName(): string {
    return this.address.serverName;
  }

  /** The directory with all that is in it, where this is a view that lacks something. */
  get whole(): Tenant {
    return this;
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
    const records = this.complete(users);
    this.addRecords(records);
    return records;
  }

  /** Records with what is missing filled in. They are not added. */
  complete(objects: readonly NewRecord[]): readonly DirectoryRecord[] {
    return objects.map((fields) => completeRecord(fields, this.domain, this.#random));
  }

  /** Adds a distribution group, or what `recipientTypeDetails` says, and answers it. */
  addGroup(fields: NewRecord): DirectoryRecord {
    return this.addUser({ recipientTypeDetails: "MailUniversalDistributionGroup", ...fields });
  }

  /** Adds finished records. */
  addRecords(records: readonly DirectoryRecord[]): void {
    this.#records.add(records);
    for (const record of records) this.#index?.add(record);
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
    const index = this.#indexed();
    const id = guidInLegacyExchangeDn(identity) ?? withoutPrefix(identity);
    const byId = [...index.findById(id), ...this.#findByPath(identity)].filter(isWanted);
    if (byId.length > 0) return [...new Set(byId)];
    return index.findByName(identity).filter(isWanted);
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
      .findByName(name)
      .filter((record) => record.name.toLowerCase() === folded);
  }

  #take(record: DirectoryRecord): void {
    this.#records.remove(record);
    this.#index?.remove(record);
    this.#directReports = undefined;
  }

  #indexed(): RecordIndex {
    if (this.#index) return this.#index;
    this.#index = new RecordIndex();
    for (const record of this.records) this.#index.add(record);
    return this.#index;
  }
}
