import { createHash } from "node:crypto";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { promisify } from "node:util";
import { createGzip, gunzip } from "node:zlib";
import * as z from "zod";
import type { ExchangeError } from "#runtime/errors";
import type { ObjectStore } from "#storage/object-store";

/** Text is handed to the compression in pieces of about this size. Always the same pieces make the same bytes. */
const pieceBytes = 64 * 1024;

/** The lines of one page, compressed as they come, so that no more than a piece of them is held as text. */
export class PageText {
  readonly #gzip = createGzip();
  readonly #compressed: Buffer[] = [];
  readonly #ended: Promise<void>;
  #piece = "";
  #pieceBytes = 0;
  #rows = 0;
  #bytes = 0;

  constructor() {
    this.#gzip.on("data", (chunk: Buffer) => this.#compressed.push(chunk));
    this.#ended = finished(this.#gzip);
    this.#ended.catch(() => {}); // it is awaited in compress, and of no interest after discard
  }

  get rows(): number {
    return this.#rows;
  }

  /** Size of the text, uncompressed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a line whose size is `lineBytes`, and waits while the compression is behind. */
  async add(line: string, lineBytes: number): Promise<void> {
    this.#piece += line;
    this.#pieceBytes += lineBytes;
    this.#rows += 1;
    this.#bytes += lineBytes;
    if (this.#pieceBytes < pieceBytes) return;
    const isBehind = !this.#gzip.write(this.#piece);
    this.#piece = "";
    this.#pieceBytes = 0;
    if (isBehind) await once(this.#gzip, "drain");
  }

  /** The page as it is stored. */
  async compress(): Promise<Buffer> {
    this.#gzip.end(this.#piece);
    await this.#ended;
    return Buffer.concat(this.#compressed);
  }

  /** Gives the memory of a page back that is not to be stored. */
  discard(): void {
    this.#gzip.destroy();
  }
}

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

const count = z.int().nonnegative();

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Lines of JSON in one gzip object, as a manifest names it. */
export const pageSchema = z.strictObject({
  key: z.string(),
  rows: count,
  /** Size and SHA-256 (hexadecimal) of the stored, compressed object. */
  bytes: count,
  sha256: sha256Schema,
});

export type Page = z.infer<typeof pageSchema>;

/** A record as its line in a page, without the line's end. */
export type StoredRecord = { id: string; line: string };

type ReadOptions = {
  signal?: AbortSignal;
  /** The error for an object that is gone, or is not what its hash says. `problem` ends a sentence that the key begins. */
  corrupt: (key: string, problem: string) => ExchangeError;
};

const identified = z.looseObject({ id: z.string() });

/** Every record of these pages, in order. Throws what `corrupt` makes before the first record of a page that is not right. */
export async function* readPages(
  store: ObjectStore,
  pages: readonly Page[],
  options: ReadOptions,
): AsyncGenerator<StoredRecord, void> {
  for (const page of pages) {
    const compressed = await readVerified(store, page, options);
    const lines = (await promisify(gunzip)(compressed)).toString("utf8").split("\n");
    for (const line of lines) if (line !== "") yield { id: identified.parse(JSON.parse(line)).id, line };
  }
}

/** An object's bytes, which are those of its hash. Throws what `corrupt` makes where they are not. */
export async function readVerified(
  store: ObjectStore,
  { key, sha256 }: Pick<Page, "key" | "sha256">,
  { corrupt, ...options }: ReadOptions,
): Promise<Buffer> {
  const stored = await store.get(key, options);
  if (stored === undefined) throw corrupt(key, "is gone");
  if (createHash("sha256").update(stored.body).digest("hex") !== sha256) throw corrupt(key, "is not what was written");
  return stored.body;
}
