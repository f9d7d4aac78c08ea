import { plainError } from "#local/exchange/admin-api/error-answers";
import type { PagedRequest, PageStart } from "#local/exchange/admin-api/page-links";
import type { DirectoryObject } from "#local/exchange/answer/json-answer";
import type { Call } from "#local/exchange/exchange";
import { type Answer, headerOf } from "#local/exchange/http";

/** The option of a link that says where its page begins. */
const skipToken = "$skiptoken";

export type Page = {
  rows: readonly DirectoryObject[];
  /** The token of the next page's link; absent on the last page. */
  nextToken: string | undefined;
  /** Whether this is the last page, and the limit kept rows out of the list. */
  isCut: boolean;
};

/**
 * The page a request asks for by `$skiptoken` and `Prefer: odata.maxpagesize`, or the refusal of a link that no longer
 * counts. `limit` is how many rows of the list the caller wants at all.
 */
export function cutPage(
  call: Call,
  list: readonly DirectoryObject[],
  limit: number,
): { page: Page } | { refusal: Answer } {
  const { request, exchange, faults, nowMs } = call;
  const identity = requestIdentity(call);
  const token = request.query.get(skipToken);
  const linkSeconds = faults.valueOf("link-expiry");
  const lifeMs = linkSeconds === undefined ? undefined : linkSeconds * 1000;
  const asked = token === undefined ? firstPage : exchange.pageLinks.read(token, identity, nowMs, lifeMs);
  if (asked === undefined) return { refusal: linkExpired() };

  const rows = withoutSome(list, faults.find("short-list") && (faults.valueOf("short-list") ?? 1));
  const size = pageSize(headerOf(request, "prefer"), exchange.pageRows);
  const start = findFirstBehind(rows, asked.after);
  const end = Math.min(rows.length, start + limit - asked.given);
  const isRepeat = faults.find("repeat-page") !== undefined && asked.given > 0 && !asked.isRepeat;
  const shown = isRepeat
    ? rows.slice(Math.max(0, start - size), start)
    : rows.slice(start, Math.min(start + size, end));
  const next = isRepeat ? { ...asked, isRepeat } : behind(asked, shown);
  const hasMore = isRepeat ? start < end : start + size < end;
  const hasNext = hasMore && !faults.find("cut-list");
  return {
    page: {
      rows: shown,
      nextToken: hasNext ? exchange.pageLinks.write(next, identity, nowMs) : undefined,
      isCut: !hasMore && end < rows.length,
    },
  };
}

const firstPage: PageStart = { after: [], given: 0, isRepeat: false };

/** Where the page after these rows begins. */
function behind({ after, given }: PageStart, shown: readonly DirectoryObject[]): PageStart {
  return { after: shown.at(-1)?.place ?? after, given: given + shown.length, isRepeat: false };
}

/** Rows are in the order of their places, so halving finds the first behind one; the first of all is behind no place. */
function findFirstBehind(rows: readonly DirectoryObject[], place: readonly string[]): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isBehind(rows[middle]?.place ?? [], place)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isBehind(place: readonly string[], other: readonly string[]): boolean {
  const differing = place.findIndex((text, index) => text !== other[index]);
  const text = place[differing];
  const otherText = other[differing];
  return text !== undefined && (otherText === undefined || text > otherText);
}

/** A link belongs to what was asked: resource, options and body. The tenant's name in the path may be another one. */
function requestIdentity({ request }: Call): PagedRequest {
  const resource = request.path.slice(request.path.lastIndexOf("/")).toLowerCase();
  const options = request.query.entries().filter(([name]) => name.toLowerCase() !== skipToken);
  return [resource, JSON.stringify(options), request.body];
}

/** What a client prefers, and no more than an answer holds. */
function pageSize(prefer: string | undefined, maximum: number): number {
  const asked = Number(/\bodata\.maxpagesize\s*=\s*"?(\d{1,9})/i.exec(prefer ?? "")?.[1] ?? maximum);
  return asked === 0 ? maximum : Math.min(asked, maximum);
}

/** Rows are missing from the middle; a list that is shorter than that stays whole. */
function withoutSome(rows: readonly DirectoryObject[], count: number | undefined): readonly DirectoryObject[] {
  if (count === undefined || rows.length <= count) return rows;
  return rows.toSpliced(Math.floor((rows.length - count) / 2), count);
}

function linkExpired(): Answer {
  return plainError(400, "BadRequest", "Expired or Invalid pagination request. Default Expiry time is 00:30:00");
}

/** The address of a page after this one, with the options that the list was asked for with. */
export function nextLink({ request, exchange }: Call, resource: string, token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const options = request.query.entries().filter(([name]) => name.toLowerCase() !== skipToken);
  const query = [...options, [skipToken, token] as const]
    .map(([name, value]) => `${encodeURIComponent(name).replace("%24", "$")}=${encodeURIComponent(value)}`)
    .join("&");
  return `https://${exchange.environment.exchangeHost}/adminapi/beta/${exchange.tenant.id}/${resource}?${query}`;
}
