import type { Environment } from "../environment.ts";

/**
 * The smallest thing that serves from a database: one instance, one MySQL. About $85 a month.
 *
 * The walk-through that this is after had two subnets, 10.0.1.0/24 public and 10.0.2.0/24 private, one instance in the
 * open with ports 22, 80 to 443 and 5000, and cloned its app there over SSH. Here:
 * - four subnets, because a load balancer and RDS each need two zones;
 * - the instance is private behind the load balancer, which alone is open, on port 80;
 * - the database answers the instance's security group, not the addresses of a subnet;
 * - the app is baked into the image; the way in is Session Manager.
 */
export default {
  project: "webstead",
  name: "trio-task",
  account: "123456789012",
  region: "us-east-1",
  protect: false,
  app: { port: 80, healthCheckPath: "/healthz" },
  network: { cidrBlock: "10.0.0.0/16", tiers: 2, nat: "single" },
  edge: {
    healthCheck: { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
    deregistrationDelay: 10,
  },
  compute: {
    instanceType: "t3.micro",
    healthCheckGracePeriod: 60,
    rolloutTimeout: 300,
    logRetentionDays: 7,
  },
  database: {
    name: "trio",
    username: "webapp",
    instanceClass: "db.t4g.micro",
    multiAz: false,
    finalSnapshot: false,
    secretRecoveryDays: 0,
  },
} satisfies Environment;
