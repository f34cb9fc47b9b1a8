import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import { Construct } from "constructs";
import { physicalName } from "../naming.ts";
import type { WatchedMetric } from "./metrics.ts";

export interface DashboardProps {
  readonly region: string;
  readonly metrics: readonly WatchedMetric[];
}

const columns = 3;
const width = 24 / columns;
const height = 6;

/** One page of graphs, one for each thing that can be alarming, with the line where it is. About $3 a month. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { region, metrics }: DashboardProps) {
    super(scope, id);
    const widgets = metrics.map((metric, index) => ({
      type: "metric",
      x: (index % columns) * width,
      y: Math.floor(index / columns) * height,
      width,
      height,
      properties: {
        title: metric.meaning,
        region,
        stat: metric.statistic,
        period: 60,
        metrics: [[metric.namespace, metric.metric, ...Object.entries(metric.dimensions).flat()]],
        annotations: { horizontal: [{ value: metric.threshold }] },
      },
    }));
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: physicalName(this, "dashboard"),
      dashboardBody: JSON.stringify({ widgets }),
    });
  }
}
