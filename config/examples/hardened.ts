import type { Environment } from "../environment.ts";

/**
 * Everything that keeps others out and tells what happened: HTTPS from TLS 1.3 on, a firewall in block mode, network
 * ACLs, a key of one's own, flow logs, CloudTrail. About $260 a month.
 *
 * The walk-through that this is after had a bastion in the public subnets, open for SSH. Here:
 * - the bastion stands in the app's tier and is entered through Session Manager: no port is open;
 * - to go back to SSH takes the addresses that may, and all of the internet is refused;
 * - the firewall blocks at once. Begin with `count` where the app is not known to pass.
 */
export default {
  project: "webstead",
  name: "hardened",
  account: "123456789012",
  region: "us-east-1",
  protect: false,
  app: { port: 80, healthCheckPath: "/healthz" },
  network: {
    cidrBlock: "10.0.0.0/16",
    nat: "per-zone",
    networkAcls: true,
    flowLogs: { retentionDays: 90 },
  },
  edge: {
    healthCheck: { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
    deregistrationDelay: 10,
    https: { domainName: "app.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ", minimumTls: "1.3" },
    webAcl: { mode: "block", requestsPer5Minutes: 1000 },
    accessLogs: { retentionDays: 365 },
  },
  compute: {
    instanceType: "t3.micro",
    healthCheckGracePeriod: 60,
    rolloutTimeout: 300,
    logRetentionDays: 365,
  },
  database: {
    name: "webapp",
    username: "webapp",
    instanceClass: "db.t4g.medium",
    multiAz: true,
    performanceInsights: true,
    iamAuthentication: true,
    finalSnapshot: false,
    secretRecoveryDays: 0,
  },
  operations: {
    customerKey: true,
    trail: { retentionDays: 365 },
    alarms: { email: "ops@example.com" },
    dashboard: true,
    bastion: { access: "session-manager" },
    operators: true,
  },
} satisfies Environment;
