import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

/** How many days objects are kept, by what their keys begin with. `latest.json` of a snapshot is kept for good. */
const keptDays = {
  "snapshots/users/runs/": 90,
  "snapshots/groups/runs/": 90,
  "operations/": 90,
  "audiences/": 90,
  "answers/": 7,
};

/** An earlier version of an object can be put back for so long. */
const keptVersionDays = 30;
const keptAccessLogDays = 90;

/** What both buckets are. What is in them outlives the stack, unless its creation fails. */
const secured = {
  encryption: BucketEncryption.S3_MANAGED,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
} satisfies BucketProps;

/** The bucket of a tenant, and another one with the log of who has used it. */
export class Storage extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const accessLogs = new Bucket(this, "AccessLogs", {
      ...secured,
      lifecycleRules: [{ expiration: Duration.days(keptAccessLogDays) }],
    });
    this.bucket = new Bucket(this, "Bucket", {
      ...secured,
      versioned: true,
      // Its type says of an optional property what exactOptionalPropertyTypes does not let pass.
      serverAccessLogsBucket: accessLogs as IBucket,
      lifecycleRules: lifecycleRules(),
    });
  }
}

function lifecycleRules(): LifecycleRule[] {
  const byPrefix = Object.entries(keptDays).map(([prefix, days]) => ({ prefix, expiration: Duration.days(days) }));
  const ofAll = {
    noncurrentVersionExpiration: Duration.days(keptVersionDays),
    expiredObjectDeleteMarker: true,
    abortIncompleteMultipartUploadAfter: Duration.days(1),
  };
  return [...byPrefix, ofAll];
}
