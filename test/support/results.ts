import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { deadlineIn, remainingMs } from "#runtime/deadline";
import { guardMs } from "#test/support/eventually";
import { type AnyResult, readResult } from "#test/support/read-result";

type ReceivedText = { text: string } & Pick<AnyResult, "operationId" | "final" | "outcome">;

/** Takes results from their queue. Several may be awaited at once. */
export function receiveResults(client: SQSClient, queueUrl: string) {
  const results: ReceivedText[] = [];
  let receiving: Promise<void> | undefined;

  async function receive(): Promise<void> {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body = "", ReceiptHandle } of Messages) {
      const { operationId, final, outcome } = readResult(Body);
      results.push({ text: Body, operationId, final, outcome });
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }

  return {
    /** The text of each result that came so far. */
    results,

    /** The first of the results after those of `results` that the condition is true of. */
    async awaitResult(isWanted: (result: ReceivedText) => boolean): Promise<AnyResult> {
      let seen = results.length;
      let guard = deadlineIn(guardMs);
      for (;;) {
        const fresh = results.slice(seen);
        const found = fresh.find(isWanted);
        if (found) return readResult(found.text);
        if (fresh.length > 0) guard = deadlineIn(guardMs);
        if (remainingMs(guard) === 0) throw new Error(`No such result came, and none at all for ${guardMs} ms.`);
        seen = results.length;
        receiving ??= receive().finally(() => {
          receiving = undefined;
        });
        await receiving;
      }
    },
  };
}
