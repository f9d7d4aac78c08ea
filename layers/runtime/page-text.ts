import { once } from "node:events";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";

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
