import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSMessageAttribute, SQSRecord } from "aws-lambda";
import { region } from "#local/aws/sqs/queues";

/** The event that Lambda makes of one received message. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function toSqsEvent(message: Message, queueUrl: string): SQSEvent {
  const { MessageId = "", ReceiptHandle = "", Body = "", MD5OfBody = "", MD5OfMessageAttributes } = message;
  return {
    Records: [
      {
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        attributes: message.Attributes as SQSRecord["attributes"],
        messageAttributes: Object.fromEntries(
          Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toEventAttribute(value)]),
        ),
        md5OfBody: MD5OfBody,
        ...(MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: MD5OfMessageAttributes }),
        eventSource: "aws:sqs",
        eventSourceARN: toQueueArn(queueUrl),
        awsRegion: region,
      },
    ],
  };
}

function toEventAttribute({ DataType = "", StringValue, BinaryValue }: MessageAttributeValue): SQSMessageAttribute {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

function toQueueArn(queueUrl: string): string {
  const [account, name] = new URL(queueUrl).pathname.split("/").slice(1);
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
