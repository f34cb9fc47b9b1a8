import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { Construct } from "constructs";
import type { AlarmSettings } from "../../config/settings/operations.ts";
import { physicalName } from "../naming.ts";
import type { WatchedMetric } from "./metrics.ts";

export interface AlarmsProps extends AlarmSettings {
  readonly metrics: readonly WatchedMetric[];
}

/** Mail when something is wrong, and when it is right again. The address must confirm once. About $0.10 per alarm. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { metrics, email }: AlarmsProps) {
    super(scope, id);
    const topic = new SnsTopic(this, "topic", { name: physicalName(this, "topic", "alarms") });
    new SnsTopicSubscription(this, "mail", { topicArn: topic.arn, protocol: "email", endpoint: email });
    for (const metric of metrics) this.createAlarm(metric, topic.arn);
  }

  private createAlarm(metric: WatchedMetric, topicArn: string): void {
    const percentile = metric.statistic.startsWith("p");
    new CloudwatchMetricAlarm(this, metric.id, {
      alarmName: physicalName(this, "alarm", metric.id),
      alarmDescription: metric.meaning,
      namespace: metric.namespace,
      metricName: metric.metric,
      dimensions: metric.dimensions,
      ...(percentile ? { extendedStatistic: metric.statistic } : { statistic: metric.statistic }),
      comparisonOperator: metric.comparison,
      threshold: metric.threshold,
      period: 60,
      evaluationPeriods: metric.minutes,
      treatMissingData: metric.missing,
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
  }
}
