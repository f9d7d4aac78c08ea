import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { alarmKinds } from "#cdk/alarms/alarm-kinds";
import { metricUnits } from "#facts/metric-units";
import { errorCodes } from "#runtime/errors";
import { root } from "#test/support/repository";
import { removeOutdirs, resourcesOf, synthesize } from "#test/support/synthesize";

afterAll(removeOutdirs);

const { template } = synthesize({ runbook: "https://wiki.contoso.com/runbook" });
const contoso = template("contoso");
const alarms = resourcesOf(contoso, "AWS::CloudWatch::Alarm").map(({ Properties }) => Properties);
const namesOf = (tenant: string) => resourcesOf(template(tenant), "AWS::CloudWatch::Alarm").map(nameOfAlarm);
const alarm = (name: string, of = contoso) =>
  resourcesOf(of, "AWS::CloudWatch::Alarm").find((each) => nameOfAlarm(each).endsWith(`-contoso-${name}`))?.Properties;

const runbook = readFileSync(join(root, "docs/runbook.md"), "utf8");
const sections = runbook.split(/^## /m).slice(1);
const alarmSections = sections.filter((section) => !section.startsWith("How to\n"));
const titleOf = (section: string) => section.split("\n")[0] ?? "";

test("has a section of the runbook for each kind of alarm, and no other", () => {
  const linked = alarms.map(({ AlarmDescription }) => AlarmDescription.split("#").at(-1));

  expect([...new Set(linked)].sort()).toEqual(alarmSections.map(titleOf).sort());
  expect([...new Set(linked)].sort()).toEqual(Object.keys(alarmKinds).sort());
});

test.each(alarmSections.map((section) => [titleOf(section), section]))(
  "says of %s what it means, how to look, how to resolve it and what is safe",
  (_title, section) => {
    expect(section.match(/^\*\*(Means|Look|Resolve|Safe):\*\*/gm)).toHaveLength(4);
  },
);

test("links to headings and pages that are there", () => {
  const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title.toLowerCase().replaceAll(" ", "-"),
  );
  const links = [...runbook.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  const pages = [...runbook.matchAll(/\]\(([\w.]+\.md)\)/g)].map(([, page = ""]) => page);

  expect(anchors).toEqual(expect.arrayContaining(links));
  for (const page of pages) expect(() => readFileSync(join(root, "docs", page))).not.toThrow();
});

test("names queues, outputs and error codes that there are", () => {
  const named = (pattern: RegExp) => [...runbook.matchAll(pattern)].map(([, name = ""]) => name);
  const queues = resourcesOf(contoso, "AWS::SQS::Queue").map(({ Properties }) =>
    Properties.QueueName.replace("exchange-online-gateway-contoso-", ""),
  );

  const [outputs, codes] = [named(/output (\w+)\)/g), named(/`([A-Z]+(?:_[A-Z]+)+)`/g)];

  expect(queues).toEqual(expect.arrayContaining(named(/\$\((?:queue|arn) ([\w.-]+)\)/g)));
  expect(Object.keys(contoso.Outputs)).toEqual(expect.arrayContaining(outputs));
  expect(Object.keys(errorCodes)).toEqual(expect.arrayContaining(codes));
  expect(Math.min(outputs.length, codes.length)).toBeGreaterThan(0);
});

test("ends each alarm's description with the link to its section", () => {
  for (const { AlarmName, AlarmDescription } of alarms) {
    const [, base, kind] = /(\S+)#([a-z-]+)$/.exec(AlarmDescription) ?? [];

    expect(base).toBe("https://wiki.contoso.com/runbook");
    expect(AlarmName).toContain(`exchange-online-gateway-contoso-${kind}`);
  }
});

test("tells the tenant's topic when an alarm goes off and when it is over", () => {
  const [topic] = resourcesOf(contoso, "AWS::SNS::Topic");

  for (const { AlarmActions, OKActions } of alarms) {
    expect(AlarmActions).toEqual([{ Ref: topic?.id }]);
    expect(OKActions).toEqual([{ Ref: topic?.id }]);
  }
});

test.each([
  ["users", 6],
  ["groups", 18],
])("calls a snapshot of %s old when none has come for %i hours", (kind, hours) => {
  expect(alarm(`snapshot-is-old-${kind}`)).toMatchObject({
    EvaluationPeriods: hours,
    Threshold: 1,
    ComparisonOperator: "LessThanThreshold",
    TreatMissingData: "breaching",
  });
});

test("lets a snapshot grow older where runs come less often", () => {
  const rare = synthesize({
    tenants: [{ name: "contoso", region: "eu-central-1", schedules: { usersEveryHours: 8 } }],
  });

  const { EvaluationPeriods } = alarm("snapshot-is-old-users", rare.template("contoso"));

  expect(EvaluationPeriods).toBe(12);
});

test.each([30, 14, 7])("warns when the certificate ends in %i days, and not a day sooner", (days) => {
  expect(alarm(`certificate-ends-${days}-days`)).toMatchObject({
    Metrics: [{ MetricStat: { Metric: { MetricName: "CertificateDaysLeft" } } }],
    Threshold: days + 1,
    ComparisonOperator: "LessThanThreshold",
    TreatMissingData: "ignore",
  });
});

test("reports a check that failed in the daily validation", () => {
  expect(alarm("validation-failed")).toMatchObject({
    Metrics: [{ MetricStat: { Metric: { MetricName: "ValidationFailed" } } }],
    Threshold: 1,
  });
});

test("watches every queue: dead letters for being there, messages for their age", () => {
  const queues = resourcesOf(contoso, "AWS::SQS::Queue");
  const watched = (metricName: string) =>
    alarms.filter(({ MetricName }) => MetricName === metricName).map(({ Dimensions }) => Dimensions[0].Value);
  const named = (chosen: typeof queues) => chosen.map(({ id }) => ({ "Fn::GetAtt": [id, "QueueName"] }));
  const withDeadLetters = queues.filter(({ Properties }) => Properties.RedrivePolicy);
  const others = queues.filter(({ Properties }) => !Properties.RedrivePolicy);

  expect(watched("ApproximateNumberOfMessagesVisible")).toEqual(expect.arrayContaining(named(others)));
  expect(watched("ApproximateAgeOfOldestMessage")).toEqual(expect.arrayContaining(named(withDeadLetters)));
  expect(others.length).toBe(withDeadLetters.length + 1);
});

test("watches each function's time, those left out that go on where it ends", () => {
  const functions = resourcesOf(contoso, "AWS::Lambda::Function");
  const expected = functions.filter(({ Properties }) => !Properties.FunctionName.endsWith("expand-audience"));

  for (const { Properties } of expected) {
    const name = Properties.FunctionName.replace("exchange-online-gateway-contoso-", "");
    expect(alarm(`time-runs-out-${name}`)?.Threshold).toBe(Properties.Timeout * 900);
  }
  expect(alarm("time-runs-out-expand-audience")).toBeUndefined();
});

test("has in docs/operations.md what a tenant's alarms and metrics cost", () => {
  const page = readFileSync(join(root, "docs/operations.md"), "utf8");

  expect(page).toContain(`${alarms.length} × 0.10`);
  expect(page).toContain(`${Object.keys(metricUnits).length} × 0.30`);
});

test("has the alarms of each tenant under that tenant's name", () => {
  const renamed = namesOf("contoso").map((name) => name.replace("contoso", "fabrikam"));

  expect(namesOf("fabrikam")).toEqual(renamed);
});

test("shows freshness, counts, backlog, errors, connecting and throttling on one screen of a dashboard", () => {
  const [dashboard] = resourcesOf(contoso, "AWS::CloudWatch::Dashboard");
  const body: string = dashboard?.Properties.DashboardBody["Fn::Join"][1]
    .map((part: unknown) => (typeof part === "string" ? part : "X"))
    .join("");
  const { widgets } = JSON.parse(body);

  expect(body).toMatch(
    /UsersPublished.*RunFailed.*ApproximateAgeOfOldestMessage.*AWS\/Lambda.*Errors.*ConnectMs.*Throttled/s,
  );
  expect(Math.max(...widgets.map(({ y, height }: { y: number; height: number }) => y + height))).toBeLessThanOrEqual(
    18,
  );
});

function nameOfAlarm({ Properties }: { Properties: { AlarmName: string } }): string {
  return Properties.AlarmName;
}
