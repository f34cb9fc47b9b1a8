import type { Environment } from "../environment.ts";

/** Survives the loss of a zone, and refuses to be deleted. About $145 a month. */
export default {
  project: "webstead",
  name: "prod",
  account: "123456789012",
  region: "us-east-1",
  protect: true,
  app: { port: 80, healthCheckPath: "/healthz" },
  network: { nat: "per-zone" },
  edge: {
    healthCheck: { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 },
    deregistrationDelay: 30,
  },
  compute: {
    instanceType: "t3.small",
    healthCheckGracePeriod: 120,
    logRetentionDays: 90,
  },
  database: {
    name: "webapp",
    username: "webapp",
    instanceClass: "db.t4g.micro",
    multiAz: true,
    finalSnapshot: true,
    secretRecoveryDays: 7,
  },
} satisfies Environment;
