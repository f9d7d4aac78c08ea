import { createHash, createHmac, randomBytes } from "node:crypto";
import * as z from "zod";

const contentSchema = z.strictObject({
  after: z.array(z.string()),
  given: z.number().int().nonnegative(),
  isRepeat: z.boolean(),
  issuedMs: z.number(),
  request: z.string(),
});

/** Where a page begins in its list. */
export type PageStart = {
  /** The place of the last row that was given; the page begins with the first row behind it. */
  after: readonly string[];
  /** How many rows were given so far. */
  given: number;
  /** Whether this page was answered before. */
  isRepeat: boolean;
};

/** What a page belongs to. The same has to be asked again for the next one. */
export type PagedRequest = readonly string[];

/**
 * The `$skiptoken` of links to next pages. As a paged search in Active Directory goes on behind the last object it gave,
 * who is added or removed elsewhere between two pages is neither read twice nor a cause of others being missed; whoever
 * is renamed across the link is. Links of another server, or of another request, are as good as expired.
 */
export class PageLinks {
  readonly lifeMs: number;
  readonly #key = randomBytes(32);

  constructor(lifeMs: number) {
    this.lifeMs = lifeMs;
  }

  write(start: PageStart, request: PagedRequest, nowMs: number): string {
    const content = {
      ...start,
      after: [...start.after],
      issuedMs: nowMs,
      request: digest(request),
    } satisfies z.infer<typeof contentSchema>;
    const encoded = Buffer.from(JSON.stringify(content)).toString("base64url");
    return `${encoded}.${this.#sign(encoded)}`;
  }

  /** Undefined where the link is none of these, or too old. */
  read(token: string, request: PagedRequest, nowMs: number, lifeMs = this.lifeMs): PageStart | undefined {
    const [encoded = "", signature] = token.split(".");
    if (signature !== this.#sign(encoded)) return undefined;
    const content = contentSchema.parse(JSON.parse(Buffer.from(encoded, "base64url").toString("utf8")));
    if (content.request !== digest(request) || nowMs >= content.issuedMs + lifeMs) return undefined;
    return { after: content.after, given: content.given, isRepeat: content.isRepeat };
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}

function digest(request: PagedRequest): string {
  return createHash("sha256").update(JSON.stringify(request)).digest("base64url");
}
