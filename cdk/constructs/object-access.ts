import { type CfnElement, Stack, Validations } from "aws-cdk-lib";
import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { ObjectAccess } from "#functions/facts";

const objectActions = {
  read: ["s3:GetObject"],
  write: ["s3:PutObject"],
  readWrite: ["s3:GetObject", "s3:PutObject"],
} satisfies Record<ObjectAccess, string[]>;

/**
 * Lets somebody use the objects of a bucket below one prefix. Who reads may list there too: S3 says of a key that does not
 * exist that it is refused to whoever may not, and takes the key for the prefix when it decides that.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, https://github.com/ceph/ceph/pull/68577
 */
export function allowObjects(to: IGrantable & Construct, bucket: Bucket, prefix: string, access: ObjectAccess): void {
  const objects = new PolicyStatement({
    actions: objectActions[access],
    resources: [bucket.arnForObjects(`${prefix}*`)],
  });
  to.grantPrincipal.addToPrincipalPolicy(objects);
  if (access !== "write") to.grantPrincipal.addToPrincipalPolicy(listing(bucket, prefix));
  acknowledge(to, bucket, prefix);
}

function listing(bucket: Bucket, prefix: string): PolicyStatement {
  return new PolicyStatement({
    actions: ["s3:ListBucket"],
    resources: [bucket.bucketArn],
    conditions: { StringLike: { "s3:prefix": `${prefix}*` } },
  });
}

/** cdk-nag finds every wildcard. This one stands for the keys below the prefix. */
function acknowledge(to: Construct, bucket: Bucket, prefix: string): void {
  const bucketId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnElement);
  Validations.of(to).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${prefix}*]`,
    reason: `Keys below ${prefix} are made at run time.`,
  });
}
