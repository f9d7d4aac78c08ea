import { inspect } from "node:util";
import type { Context } from "aws-lambda";
import { expect, test } from "vitest";
import * as z from "zod";
import { ExchangeError } from "#runtime/errors";
import { createHandler } from "#runtime/handler";

test("fails as out of time, and not with an error of the library's, when Lambda's time is over first", async () => {
  const handler = createHandler(z.strictObject({}), () => new Promise<object>(() => {}));
  const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 10 } as Context;

  await expect(handler({}, context)).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE", retryable: true });
});

test("lets no mail address out with an error, which Lambda writes to the log by itself", async () => {
  const run = () => Promise.reject(new ExchangeError("EXCHANGE_REFUSED", "No anna@contoso.com."));
  const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 60_000 } as Context;

  const error = await createHandler(z.strictObject({}), run)({}, context).catch((thrown: Error) => thrown);

  expect(error).toMatchObject({
    name: "EXCHANGE_REFUSED",
    message: expect.stringMatching(/^No address:[0-9a-f]{12}\.$/),
  });
  expect(inspect(error)).not.toContain("@contoso.com");
});
