import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip as gzipCallback } from "node:zlib";
import type { ObjectStore } from "#runtime/object-store";

const gzip = promisify(gzipCallback);

export type Page = { key: string; rows: number; bytes: number; sha256: string };

type Options = {
  store: ObjectStore;
  keyOf: (number: number) => string;
  /** A page is closed at this many rows, or when its text would take more than this many bytes. */
  maxRows?: number;
  maxBytes?: number;
};

/** Writes records as gzip NDJSON pages. Holds one page in memory, and waits for it to be stored before it goes on. */
export function createPageWriter({ store, keyOf, maxRows = 2_000, maxBytes = 8 * 2 ** 20 }: Options) {
  const pages: Page[] = [];
  let lines: string[] = [];
  let bytes = 0;

  async function closePage(): Promise<void> {
    if (lines.length === 0) return;
    const body = await gzip(lines.join(""));
    const key = keyOf(pages.length + 1);
    const sha256 = createHash("sha256").update(body).digest("hex");
    await store.put(key, body);
    pages.push({ key, rows: lines.length, bytes: body.length, sha256 });
    lines = [];
    bytes = 0;
  }

  return {
    async add(record: object): Promise<void> {
      const line = `${JSON.stringify(record)}\n`;
      const lineBytes = Buffer.byteLength(line);
      if (lines.length >= maxRows || bytes + lineBytes > maxBytes) await closePage();
      lines.push(line);
      bytes += lineBytes;
    },

    /** Stores the last page and answers every page in order; none for no record. */
    async finish(): Promise<readonly Page[]> {
      await closePage();
      return pages;
    },
  };
}
