import type { DbInstance } from "@cdktf/provider-aws/lib/db-instance/index.js";
import type { Database } from "../data/database.ts";
import type { LoadBalancer } from "../edge/load-balancer.ts";

/** Something that CloudWatch counts, and when it is too much or too little. */
export interface WatchedMetric {
  /** Short name, kebab-case. */
  readonly id: string;
  /** What it means for who is woken by it. */
  readonly meaning: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum" | "p99";
  /** Compared with `threshold` over each minute, for `minutes` in a row. */
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  readonly minutes: number;
  /** What no reading means. */
  readonly missing: "breaching" | "notBreaching";
}

/** What differs from one metric to the next. */
type Watch = Omit<WatchedMetric, "namespace" | "dimensions" | "missing" | "comparison" | "minutes"> &
  Partial<WatchedMetric>;

const bytesPerGigabyte = 1_000_000_000;

/**
 * What tells that users suffer or soon will. By the load balancer, its target group and the database, which stay, and
 * not by the Auto Scaling group, whose name is another one after each rollout.
 */
export function watchedMetrics(
  loadBalancer: LoadBalancer,
  database: Database,
  allocatedStorage: number,
): WatchedMetric[] {
  const replica = database.replica?.instance;
  return [
    ...edgeMetrics(loadBalancer),
    ...databaseMetrics(database.instance, allocatedStorage),
    ...(replica ? replicaMetrics(replica) : []),
  ];
}

function edgeMetrics({ balancer, targetGroup }: LoadBalancer): WatchedMetric[] {
  const LoadBalancer = balancer.arnSuffix;
  const watch = (metric: Watch): WatchedMetric => ({
    namespace: "AWS/ApplicationELB",
    dimensions: { LoadBalancer, TargetGroup: targetGroup.arnSuffix },
    comparison: "GreaterThanThreshold",
    minutes: 5,
    missing: "notBreaching",
    ...metric,
  });
  return [
    watch({
      id: "app-errors",
      meaning: "The app answers with errors: read its log",
      metric: "HTTPCode_Target_5XX_Count",
      statistic: "Sum",
      threshold: 10,
    }),
    watch({
      id: "no-answer",
      meaning: "The load balancer gets no answer from the app",
      metric: "HTTPCode_ELB_5XX_Count",
      dimensions: { LoadBalancer },
      statistic: "Sum",
      threshold: 10,
    }),
    watch({
      id: "unhealthy",
      meaning: "What should serve fails its health check",
      metric: "UnHealthyHostCount",
      statistic: "Maximum",
      threshold: 0,
    }),
    watch({
      id: "slow",
      meaning: "One request in a hundred takes more than a second",
      metric: "TargetResponseTime",
      statistic: "p99",
      threshold: 1,
    }),
  ];
}

function databaseMetrics(instance: DbInstance, allocatedStorage: number): WatchedMetric[] {
  const watch = watchDatabase(instance);
  return [
    watch({
      id: "database-cpu",
      meaning: "The database is busy: look for a slow query",
      metric: "CPUUtilization",
      statistic: "Average",
      threshold: 80,
    }),
    watch({
      id: "database-storage",
      meaning: "A tenth of the database's disk is left",
      metric: "FreeStorageSpace",
      comparison: "LessThanThreshold",
      statistic: "Minimum",
      threshold: (allocatedStorage * bytesPerGigabyte) / 10,
    }),
    // RDS gives a micro with 1 GB about 60 to 80 connections; a bigger class has more.
    watch({
      id: "database-connections",
      meaning: "The database runs out of connections",
      metric: "DatabaseConnections",
      statistic: "Maximum",
      threshold: 50,
    }),
  ];
}

function replicaMetrics(instance: DbInstance): WatchedMetric[] {
  return [
    watchDatabase(instance)({
      id: "replica-lag",
      meaning: "Reads are half a minute old",
      metric: "ReplicaLag",
      statistic: "Maximum",
      threshold: 30,
    }),
  ];
}

function watchDatabase(instance: DbInstance): (metric: Watch) => WatchedMetric {
  return (metric) => ({
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: instance.identifier },
    comparison: "GreaterThanThreshold",
    minutes: 5,
    missing: "breaching",
    ...metric,
  });
}
