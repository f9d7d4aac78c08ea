import { Duration } from "aws-cdk-lib";
import { TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { AlarmKind } from "#cdk/alarms/alarm-kinds";
import { type AlarmSurroundings, GatewayAlarm } from "#cdk/alarms/gateway-alarm";
import { thresholds } from "#cdk/alarms/thresholds";
import type { QueueFunctions } from "#cdk/constructs/queue-functions";
import { tenantMetric } from "#cdk/tenant-metric";
import { type QueueFunction, queueFunctions } from "#functions/facts";

const period = Duration.minutes(5);

/** SQS tells nothing of a queue that nobody has used for six hours, whatever is in it: then what it told last counts. */
const missing = TreatMissingData.IGNORE;

type Watched = { kind: AlarmKind; subject?: string; queue: Queue };

/** Whether messages get on, whether any are given up, and whether requests fail for trouble of our own. */
export class QueueAlarms extends Construct {
  readonly #environment: AlarmSurroundings;

  constructor(scope: Construct, id: string, environment: AlarmSurroundings, queued: QueueFunctions, failures: Queue) {
    super(scope, id);
    this.#environment = environment;
    const { results, ...requests } = queued.queues;
    for (const [subject, { queue }] of Object.entries(requests)) {
      const { oldestMessageMinutes } = queueFunctions[subject as QueueFunction];
      this.#watchAge({ kind: "messages-wait", subject, queue }, oldestMessageMinutes);
    }
    this.#watchAge({ kind: "results-wait", queue: results.queue }, thresholds.resultMinutes);
    for (const [subject, { deadLetters }] of Object.entries(queued.queues)) {
      this.#watchEmptiness({ kind: "dead-letters", subject, queue: deadLetters });
    }
    this.#watchEmptiness({ kind: "scheduled-invocation-failed", queue: failures });
    new GatewayAlarm(this, environment, {
      kind: "service-trouble",
      metric: tenantMetric(environment.tenant, "ServiceTrouble", { statistic: "Sum", period }),
      limit: { atLeast: 1 },
      missing: TreatMissingData.NOT_BREACHING,
    });
  }

  #watchAge({ queue, ...watched }: Watched, minutes: number): void {
    const metric = queue.metricApproximateAgeOfOldestMessage({ statistic: "Maximum", period });
    const limit = { atLeast: Duration.minutes(minutes).toSeconds() };
    new GatewayAlarm(this, this.#environment, { ...watched, metric, limit, missing });
  }

  #watchEmptiness({ queue, ...watched }: Watched): void {
    const metric = queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period });
    new GatewayAlarm(this, this.#environment, { ...watched, metric, limit: { atLeast: 1 }, missing });
  }
}
