import { createHash } from "node:crypto";
import type { ObjectStore } from "#runtime/object-store";
import type { Page } from "#runtime/page";
import { PageText } from "#runtime/page-text";

/** A page ends before it would hold more rows or more bytes of text. A line larger than that has a page of its own. */
export type PageLimits = { maxRows: number; maxBytes: number };

type WriteOptions = {
  store: ObjectStore;
  keyOf: (pageNumber: number) => string;
  limits: PageLimits;
  /** Once aborted nothing more is written, and its reason is thrown. */
  signal: AbortSignal;
};

/**
 * Writes lines as gzip pages, one page behind: while a page is stored the next one fills, and when that is full too the lines
 * wait. The same lines make the same bytes. Answers every page in order; none for no line.
 */
export async function writePages(lines: AsyncIterable<string>, { signal, ...options }: WriteOptions): Promise<Page[]> {
  const pages: Promise<Page>[] = [];
  let text = new PageText();

  async function closePage(): Promise<void> {
    await pages.at(-1);
    signal.throwIfAborted();
    const page = storeText(text, options.keyOf(pages.length + 1), options.store, signal);
    page.catch(() => {}); // it is awaited before the next one, and at the end
    pages.push(page);
    text = new PageText();
  }

  try {
    for await (const line of lines) {
      signal.throwIfAborted();
      const lineBytes = Buffer.byteLength(line);
      if (text.rows > 0 && isFull(text, lineBytes, options.limits)) await closePage();
      await text.add(line, lineBytes);
    }
    if (text.rows > 0) await closePage();
    return await Promise.all(pages);
  } finally {
    text.discard();
    await Promise.allSettled(pages);
  }
}

function isFull({ rows, bytes }: PageText, lineBytes: number, { maxRows, maxBytes }: PageLimits): boolean {
  return rows >= maxRows || bytes + lineBytes > maxBytes;
}

/** Stores a text and answers it as a manifest names it. */
export async function storeText(text: PageText, key: string, store: ObjectStore, signal: AbortSignal): Promise<Page> {
  const body = await text.compress();
  const sha256 = createHash("sha256").update(body).digest("hex");
  await store.put(key, body, { contentType: "application/gzip", signal });
  return { key, rows: text.rows, bytes: body.length, sha256 };
}
