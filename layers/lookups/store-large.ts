import { createHash, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { MemberList, StoredMemberList } from "#lookups/list-group-members-answer";
import type { ObjectStore } from "#storage/object-store";

/**
 * Well below the 6,291,456 bytes of an answer that Lambda passes on.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const largestBytes = 5_500_000;

const compress = promisify(gzip);

/** The answer as it is, or, where it is too large for Lambda, without members and with the key under which all of it lies. */
export async function storeLarge(store: ObjectStore, answer: MemberList): Promise<MemberList | StoredMemberList> {
  const text = JSON.stringify(answer);
  if (Buffer.byteLength(text) <= largestBytes) return answer;
  const body = await compress(text);
  const membersKey = `answers/list-group-members/${answer.asOf.slice(0, 10).replaceAll("-", "/")}/${randomUUID()}.json.gz`;
  await store.put(membersKey, body, { contentType: "application/gzip" });
  const { members: _, ...rest } = answer;
  const membersSha256 = createHash("sha256").update(body).digest("hex");
  return { ...rest, membersKey, membersBytes: body.length, membersSha256 };
}
