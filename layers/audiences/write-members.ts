import type { FoundMember } from "#directory/expansion";
import type { ObjectStore } from "#storage/object-store";
import { type Page, type PageLimits, PageText, storeText, writePages } from "#storage/pages";

/** Where members are written to. */
export type Target = {
  store: ObjectStore;
  /** Whether members of a type belong into the pages. */
  isIncluded: (type: string) => boolean;
  pageKey: (pageNumber: number) => string;
  leftOutKey: string;
  signal: AbortSignal;
};

const limits: PageLimits = { maxRows: 5_000, maxBytes: 8 * 2 ** 20 };

/** Writes members as pages, a line each with the ids of the groups between; and the ids of those that do not belong there. */
export async function writeMembers(
  members: AsyncIterable<FoundMember>,
  { store, isIncluded, pageKey, leftOutKey, signal }: Target,
): Promise<{ pages: Page[]; leftOut: Page[] }> {
  const leftOut = new PageText();
  async function* lines(): AsyncGenerator<string, void> {
    for await (const { member, path } of members) {
      const isPageLine = isIncluded(member.type);
      const line = `${JSON.stringify(isPageLine ? { ...member, path: path.map(({ id }) => id) } : { id: member.id })}\n`;
      if (isPageLine) yield line;
      else await leftOut.add(line, Buffer.byteLength(line));
    }
  }

  try {
    const pages = await writePages(lines(), { store, keyOf: pageKey, limits, signal });
    return { pages, leftOut: leftOut.rows > 0 ? [await storeText(leftOut, leftOutKey, store, signal)] : [] };
  } finally {
    leftOut.discard();
  }
}
