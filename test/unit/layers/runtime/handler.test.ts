import type { Context } from "aws-lambda";
import { expect, test } from "vitest";
import * as z from "zod";
import { createHandler } from "#runtime/handler";

test("fails as out of time, and not with an error of the library's, when Lambda's time is over first", async () => {
  const handler = createHandler(z.strictObject({}), () => new Promise<object>(() => {}));
  const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 10 } as Context;

  await expect(handler({}, context)).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE", retryable: true });
});
