import type { Environment } from "../environment.ts";

/** One of everything, gone without a trace when destroyed. About $85 a month on AWS, nothing with `--local`. */
export default {
  project: "webstead",
  name: "dev",
  account: "123456789012",
  region: "us-east-1",
  protect: false,
  app: { port: 80, healthCheckPath: "/healthz" },
  network: { nat: "single" },
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
    name: "webapp",
    username: "webapp",
    instanceClass: "db.t4g.micro",
    multiAz: false,
    finalSnapshot: false,
    secretRecoveryDays: 0,
  },
} satisfies Environment;
