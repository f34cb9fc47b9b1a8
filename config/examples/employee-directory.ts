import type { Environment } from "../environment.ts";

/**
 * What an employee directory with photos stands on: S3 for the pictures, DynamoDB or MySQL for the people. About $90 a
 * month. The app that ships serves it: the people are in the table because there is one, without it they are in MySQL.
 *
 * The walk-through that this is after used 10.1.0.0/16 with public and private subnets in turn, network ACLs for port
 * 443 alone, instances with full access to S3 and DynamoDB, and a bucket without encryption or versions. Here:
 * - the ACLs let the answers out too: they remember no connection, so 443 alone answers nobody;
 * - the app may read and write its photos and its table, and nothing else;
 * - the bucket is private, encrypted, versioned and by TLS only;
 * - nobody has an access key: people are in a group that may do nothing without a second factor.
 */
export default {
  project: "webstead",
  name: "employee-directory",
  account: "123456789012",
  region: "us-east-1",
  protect: false,
  app: { port: 80, healthCheckPath: "/healthz" },
  network: { cidrBlock: "10.1.0.0/16", tiers: 2, nat: "single", networkAcls: true },
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
    name: "directory",
    username: "webapp",
    instanceClass: "db.t4g.micro",
    multiAz: false,
    finalSnapshot: false,
    secretRecoveryDays: 0,
  },
  storage: { photos: true, directoryTable: true },
  operations: { operators: true },
} satisfies Environment;
