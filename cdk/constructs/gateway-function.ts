import { Duration, RemovalPolicy, Size } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { DockerImageFunction, type IDestination, LoggingFormat } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { functionImage, type ImageSource } from "#cdk/constructs/function-image";
import { allowObjects } from "#cdk/constructs/object-access";
import { nameOf } from "#cdk/naming";
import type { TenantSettings } from "#cdk/settings";
import type { FunctionFacts } from "#functions/facts";

/** One vCPU, which PowerShell needs to start and connect within seconds. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const memoryMb = 1769;
const temporaryFilesMb = 512;

/** Lambda repeats what was invoked asynchronously and failed, after one minute and two, but nothing older than this. */
export const attemptsPerInvocation = 3;
const oldestInvocation = Duration.hours(1);

export type FunctionEnvironment = {
  settings: TenantSettings;
  image: ImageSource;
  bucket: Bucket;
  secret: Secret;
};

type Props = FunctionEnvironment & {
  name: string;
  facts: FunctionFacts;
  /** Environment variables of its own. */
  environment?: Record<string, string>;
  /** Where an invocation ends up that nobody waits for and that failed each time. */
  onFailure?: IDestination;
};

export type FunctionsByName = Record<string, GatewayFunction>;

/** A function with a log and a role of its own, which may do no more than the function does. */
export class GatewayFunction extends Construct {
  readonly lambda: DockerImageFunction;
  readonly facts: FunctionFacts;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const { settings, name, facts, image, onFailure } = props;
    const functionName = nameOf(settings.name, name);
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.facts = facts;
    this.lambda = new DockerImageFunction(this, "Function", {
      functionName,
      description: facts.description,
      ...functionImage(image, settings.architecture, `${name}.handler`),
      role: this.#createRole(props, logGroup),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      memorySize: memoryMb,
      ephemeralStorageSize: Size.mebibytes(temporaryFilesMb),
      timeout: Duration.seconds(facts.timeoutSeconds),
      environment: environmentOf(props),
      ...(onFailure ? { onFailure, retryAttempts: attemptsPerInvocation - 1, maxEventAge: oldestInvocation } : {}),
    });
  }

  #createRole({ settings, name, facts, bucket, secret }: Props, logGroup: LogGroup): Role {
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `What ${nameOf(settings.name, name)} may do`,
    });
    logGroup.grantWrite(role);
    secret.grantRead(role);
    for (const [prefix, access] of Object.entries(facts.objects)) allowObjects(role, bucket, prefix, access);
    return role;
  }
}

function environmentOf({ settings, bucket, secret, environment }: Props): Record<string, string> {
  return {
    GATEWAY_BUCKET: bucket.bucketName,
    GATEWAY_SECRET_ID: secret.secretArn,
    GATEWAY_TENANT: settings.name,
    GATEWAY_EXCHANGE_ENVIRONMENT: settings.environment,
    GATEWAY_USER_SOURCE: settings.userSource,
    GATEWAY_USER_INCLUDE: settings.userInclude.join(","),
    GATEWAY_SHRINK_LIMIT: String(settings.shrinkLimit),
    ...environment,
  };
}
