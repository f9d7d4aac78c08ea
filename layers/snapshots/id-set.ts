/** A set of GUIDs that takes some 70 bytes an id: each is kept as text of 16 one-byte characters. */
export function createIdSet() {
  const ids = new Set<string>();

  return {
    /** Whether the id is new. */
    add(id: string): boolean {
      const before = ids.size;
      ids.add(Buffer.from(id.replaceAll("-", ""), "hex").toString("latin1"));
      return ids.size > before;
    },
  };
}
