import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { nameOf } from "#cdk/naming";
import type { TenantSettings } from "#cdk/settings";

/** Where the alarms of a tenant are told. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { name, alarmEmail }: TenantSettings) {
    super(scope, id);
    const alarms = alarmsOfThisAccount(this);
    this.topic = new Topic(this, "Topic", {
      topicName: nameOf(name, "alarms"),
      displayName: `Exchange gateway ${name}`,
      enforceSSL: true,
      masterKey: this.#createKey(name, alarms),
    });
    this.topic.grantPublish(alarms);
    if (alarmEmail) this.topic.addSubscription(new EmailSubscription(alarmEmail));
  }

  /** CloudWatch may not use the key that SNS has by itself. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
  #createKey(name: string, alarms: ServicePrincipal): Key {
    const key = new Key(this, "Key", {
      description: `Alarms of ${nameOf(name)}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    key.addToResourcePolicy(
      new PolicyStatement({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], principals: [alarms], resources: ["*"] }),
    );
    return key;
  }
}

function alarmsOfThisAccount(scope: Construct): ServicePrincipal {
  const { account } = Stack.of(scope);
  return new ServicePrincipal("cloudwatch.amazonaws.com", {
    conditions: { StringEquals: { "aws:SourceAccount": account } },
  });
}
