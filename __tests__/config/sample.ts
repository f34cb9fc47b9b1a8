import type { Environment } from "../../config/environment.ts";

/** An environment for tests: those in config/environments belong to whoever deploys, and may change. */
export const small = {
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

/** The same with everything that keeps data and service alive. */
export const resilient = {
  ...small,
  name: "prod",
  protect: true,
  network: { nat: "per-zone" },
  database: { ...small.database, multiAz: true, finalSnapshot: true, secretRecoveryDays: 7 },
} satisfies Environment;

/** The same without a way to the internet. */
export const secluded = { ...small, name: "island", network: { nat: "none" } } satisfies Environment;
