import { createHash, createHmac, randomBytes } from "node:crypto";
import { z } from "zod";

const contentSchema = z.strictObject({
  position: z.number().int().nonnegative(),
  isRepeat: z.boolean(),
  issuedMs: z.number(),
  request: z.string(),
});

/** Where a page begins in its list, and whether it was answered before. */
export type PageStart = { position: number; isRepeat: boolean };

/** What a page belongs to. The same has to be asked again for the next one. */
export type PagedRequest = readonly string[];

/**
 * The `$skiptoken` of links to next pages. A link holds a position, not rows: who is added or removed before it between
 * two pages shifts the pages after it. Links of another server, or of another request, are as good as expired.
 */
export class PageLinks {
  readonly lifeMs: number;
  readonly #key = randomBytes(32);

  constructor(lifeMs: number) {
    this.lifeMs = lifeMs;
  }

  write(start: PageStart, request: PagedRequest, nowMs: number): string {
    const content = { ...start, issuedMs: nowMs, request: digest(request) } satisfies z.infer<typeof contentSchema>;
    const encoded = Buffer.from(JSON.stringify(content)).toString("base64url");
    return `${encoded}.${this.#sign(encoded)}`;
  }

  /** Undefined where the link is none of these, or too old. */
  read(token: string, request: PagedRequest, nowMs: number, lifeMs = this.lifeMs): PageStart | undefined {
    const [encoded = "", signature] = token.split(".");
    if (signature !== this.#sign(encoded)) return undefined;
    const content = contentSchema.parse(JSON.parse(Buffer.from(encoded, "base64url").toString("utf8")));
    if (content.request !== digest(request) || nowMs >= content.issuedMs + lifeMs) return undefined;
    return { position: content.position, isRepeat: content.isRepeat };
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}

function digest(request: PagedRequest): string {
  return createHash("sha256").update(JSON.stringify(request)).digest("base64url");
}
