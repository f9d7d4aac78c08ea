import { Duration } from "aws-cdk-lib";
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type Metric,
  SingleValueWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { FunctionsByName } from "#cdk/constructs/gateway-function";
import type { QueueFunctions } from "#cdk/constructs/queue-functions";
import { mapNames } from "#cdk/map-names";
import { nameOf } from "#cdk/naming";
import { tenantMetric } from "#cdk/tenant-metric";
import type { MetricName } from "#facts/metric-units";

const period = Duration.minutes(5);
const hour = Duration.hours(1);
const widgetsPerRow = 4;
const screenWidth = 24;

type QueuesByName = Record<string, Queue>;
type Props = {
  tenant: string;
  alarms: readonly Alarm[];
  scheduled: FunctionsByName;
  queued: QueueFunctions;
  invoked: FunctionsByName;
  failures: Queue;
};

/** How a tenant's gateway is, on one screen. */
export class GatewayDashboard extends Construct {
  readonly #tenant: string;

  constructor(scope: Construct, id: string, { tenant, alarms, ...watched }: Props) {
    super(scope, id);
    this.#tenant = tenant;
    const { scheduled, queued, invoked, failures } = watched;
    const queues = mapNames(queued.queues, (name) => queued.queues[name].queue);
    const deadLetters = mapNames(queued.queues, (name) => queued.queues[name].deadLetters);
    const dashboard = new Dashboard(this, "Dashboard", {
      dashboardName: nameOf(tenant),
      defaultInterval: Duration.days(1),
    });
    dashboard.addWidgets(
      new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 18, height: 6 }),
      this.#lastValues(),
    );
    dashboard.addWidgets(
      graph("Snapshots published: rows", this.#counts(["UsersPublished", "GroupsPublished"], "Maximum")),
      graph("Runs without a snapshot", this.#counts(["RunFailed", "GuardRefused"], "Sum")),
      graph("Messages that wait", visibleMessages(queues)),
      graph("The oldest of them: seconds", oldestMessages(queues)),
    );
    dashboard.addWidgets(
      graph("Given up", visibleMessages({ ...deadLetters, "scheduled invocations": failures })),
      graph("Errors of functions", errors({ ...scheduled, ...queued.functions, ...invoked })),
      graph("Connecting: milliseconds", this.#connectTimes()),
      graph("Refused, throttled, lost", this.#troubles()),
    );
  }

  #lastValues(): SingleValueWidget {
    const names = ["UsersPublished", "GroupsPublished", "CertificateDaysLeft"] as const;
    return new SingleValueWidget({ title: "Last told", metrics: this.#counts(names, "Maximum"), width: 6, height: 6 });
  }

  #counts(names: readonly MetricName[], statistic: "Sum" | "Maximum"): Metric[] {
    return names.map((name) => tenantMetric(this.#tenant, name, { statistic, period: hour }));
  }

  #connectTimes(): Metric[] {
    const median = tenantMetric(this.#tenant, "ConnectMs", { statistic: "p50", period });
    const longest = tenantMetric(this.#tenant, "ConnectMs", { statistic: "Maximum", period });
    return [median.with({ label: "median" }), longest.with({ label: "longest" })];
  }

  #troubles(): Metric[] {
    const names = [
      "Throttled",
      "SignInRefused",
      "CredentialRefused",
      "SessionLost",
      "OperationUnsettled",
      "ServiceTrouble",
    ] as const;
    return names.map((name) => tenantMetric(this.#tenant, name, { statistic: "Sum", period }));
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: screenWidth / widgetsPerRow, height: 6, leftYAxis: { min: 0 } });
}

function visibleMessages(queues: QueuesByName): Metric[] {
  return Object.entries(queues).map(([label, queue]) =>
    queue.metricApproximateNumberOfMessagesVisible({ label, statistic: "Maximum", period }),
  );
}

function oldestMessages(queues: QueuesByName): Metric[] {
  return Object.entries(queues).map(([label, queue]) =>
    queue.metricApproximateAgeOfOldestMessage({ label, statistic: "Maximum", period }),
  );
}

function errors(functions: FunctionsByName): Metric[] {
  return Object.entries(functions).map(([label, { lambda }]) =>
    lambda.metricErrors({ label, statistic: "Sum", period }),
  );
}
