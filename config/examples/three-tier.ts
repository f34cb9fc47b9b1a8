import type { Environment } from "../environment.ts";

/**
 * CloudFront, and behind it load balancer, app and data in subnets of their own; HTTPS, two to six Fargate tasks, a
 * standby and a replica. About $260 a month.
 *
 * The walk-through that this is after built the image by hand and pushed it as `latest`, under one role for all. Here:
 * - the image's tag names the commit and the release it was made of, and never becomes another image; what starts a task
 *   and what the app may do are two roles;
 * - the root file system is read-only and the user is nobody;
 * - CloudFront is not only in front, it is the only way: the load balancer has no public address;
 * - MySQL 8.4, since 8.0 left standard support; an `admin` is a word of MySQL's own, so the user has another name;
 * - user and password lie in Secrets Manager, and the app gets their ARN: there they were in its environment;
 * - the health check asks the process alone. One that asks the database replaces healthy instances when it is away.
 */
export default {
  project: "webstead",
  name: "three-tier",
  account: "123456789012",
  region: "us-east-1",
  protect: false,
  app: { port: 8000, healthCheckPath: "/healthz" },
  network: { cidrBlock: "10.0.0.0/16", zones: ["a", "b"], nat: "per-zone" },
  edge: {
    healthCheck: { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
    deregistrationDelay: 10,
    https: { domainName: "crud.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" },
    cloudFront: {},
    webAcl: { mode: "count" },
    accessLogs: { retentionDays: 90 },
  },
  compute: {
    fargate: { cpu: 256, memory: 512 },
    healthCheckGracePeriod: 60,
    rolloutTimeout: 300,
    logRetentionDays: 30,
    scaling: { minimum: 2, maximum: 6, cpuPercent: 70 },
  },
  database: {
    name: "crud",
    username: "webapp",
    instanceClass: "db.t4g.micro",
    allocatedStorage: 20,
    maxAllocatedStorage: 100,
    multiAz: true,
    readReplica: {},
    enhancedMonitoring: 60,
    finalSnapshot: false,
    secretRecoveryDays: 0,
  },
  operations: { alarms: { email: "ops@example.com" } },
} satisfies Environment;
