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

/** Containers instead of instances, without a way to the internet. */
export const contained = {
  ...small,
  name: "tasks",
  app: {
    ...small.app,
    port: 8000,
    source: {
      git: "https://github.com/example/app.git",
      commit: "0123456789012345678901234567890123456789",
    },
  },
  network: { nat: "none" },
  compute: {
    healthCheckGracePeriod: 60,
    rolloutTimeout: 300,
    logRetentionDays: 7,
    fargate: { cpu: 256, memory: 512, tasks: 2 },
  },
} satisfies Environment;

/** Every option, each as it is asked for. */
export const everything = {
  ...resilient,
  name: "full",
  app: {
    ...small.app,
    source: {
      tarball: "https://example.com/app-1.0.0.tgz",
      sha256: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    },
  },
  network: {
    cidrBlock: "10.1.0.0/16",
    zones: ["a", "b", "c"],
    nat: "per-zone",
    tiers: 3,
    networkAcls: true,
    flowLogs: { retentionDays: 30 },
  },
  edge: {
    ...small.edge,
    https: { domainName: "app.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ", minimumTls: "1.2" },
    cloudFront: { priceClass: "200" },
    webAcl: { mode: "block", requestsPer5Minutes: 500 },
    accessLogs: { retentionDays: 90 },
    listenerRules: [
      { priority: 10, paths: ["/old/*"], answer: { redirectTo: { path: "/new" } } },
      { priority: 20, hosts: ["down.example.com"], answer: { status: 503, body: "later" } },
    ],
  },
  compute: { ...small.compute, scaling: { minimum: 2, maximum: 6, cpuPercent: 70, warmup: 90 } },
  database: {
    ...resilient.database,
    instanceClass: "db.t4g.medium",
    maxAllocatedStorage: 100,
    readReplica: { instanceClass: "db.t4g.medium" },
    enhancedMonitoring: 60,
    performanceInsights: true,
    iamAuthentication: true,
    snapshotIdentifier: "webstead-full-final",
  },
  storage: { photos: true, directoryTable: true },
  operations: {
    customerKey: true,
    trail: { retentionDays: 365 },
    alarms: { email: "ops@example.com" },
    dashboard: true,
    bastion: { access: "ssh", from: ["203.0.113.7/32"], keyName: "ops" },
    operators: true,
    deployers: {
      githubRepository: "example/app",
      branch: "main",
      planPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      applyPolicyArns: ["arn:aws:iam::123456789012:policy/deploy-webstead"],
    },
  },
} satisfies Environment;

/** The same in a network that is there. */
export const hosted = {
  ...small,
  name: "guest",
  app: { ...small.app, source: { folder: "../app" } },
  network: {
    existingVpc: {
      vpcId: "vpc-0123456789abcdef0",
      publicSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
      appSubnetIds: ["subnet-0000000c", "subnet-0000000d"],
      dataSubnetIds: ["subnet-0000000e", "subnet-0000000f"],
    },
  },
} satisfies Environment;
