import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

/** Every object of a tenant by its name, with the names of those it refers to. */
export function describeTenant({ records }: Tenant): Record<string, object> {
  return Object.fromEntries(
    records.map(({ whenCreatedMs: _created, whenChangedMs: _changed, manager, group, ...record }) => [
      record.name,
      { ...record, manager: manager?.name ?? null, group: group === undefined ? null : describeGroup(group) },
    ]),
  );
}

function describeGroup({ members, managedBy, moderatedBy, ...group }: NonNullable<DirectoryRecord["group"]>): object {
  return {
    ...group,
    members: [...members].map(nameOf).sort(),
    managedBy: managedBy.map(nameOf),
    moderatedBy: moderatedBy.map(nameOf),
  };
}

function nameOf({ name }: DirectoryRecord): string {
  return name;
}

/** What the objects of a bucket hold, by key: JSON, and the rows of compressed pages. */
export async function describeObjects(bucketFolder: string): Promise<Record<string, unknown>> {
  const keys = globSync("**/*.{json,gz}", { cwd: bucketFolder }).sort();
  const contents = keys.map(async (key) => [key, parseObject(key, await readFile(join(bucketFolder, key)))] as const);
  return Object.fromEntries(await Promise.all(contents));
}

function parseObject(key: string, bytes: Buffer): unknown {
  if (!key.endsWith(".gz")) return JSON.parse(bytes.toString("utf8"));
  const rows = gunzipSync(bytes).toString("utf8").split("\n").filter(Boolean);
  return rows.map((row) => JSON.parse(row));
}
