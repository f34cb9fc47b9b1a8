import type { Environment } from "../environment.ts";

/**
 * One instance of a baked image that heals itself, behind a load balancer on port 80. About $85 a month.
 *
 * The walk-through that this is after had the same parts, from a container with Packer, Ansible and Terraform in it,
 * an IAM user with access keys, a key pair, and a network that had to be there. Here:
 * - a rollout starts the new instance before the old one goes, and a bad image goes back by itself;
 * - GitHub's runs take on roles, one that plans and one that applies: there is no key to lose. What an apply may do
 *   beyond the state is for you to say, in `applyPolicyArns`;
 * - no key pair: Session Manager. The network is made, and taken away with the rest;
 * - state lies in S3 with a lock, so that two people can work on it.
 */
export default {
  project: "webstead",
  name: "immutable-image",
  account: "123456789012",
  region: "us-east-1",
  protect: false,
  app: { port: 80, healthCheckPath: "/healthz" },
  network: { nat: "single" },
  edge: {
    healthCheck: { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
    deregistrationDelay: 30,
  },
  compute: {
    instanceType: "t3.micro",
    healthCheckGracePeriod: 60,
    rolloutTimeout: 300,
    logRetentionDays: 30,
  },
  database: {
    name: "webapp",
    username: "webapp",
    instanceClass: "db.t4g.micro",
    multiAz: false,
    finalSnapshot: false,
    secretRecoveryDays: 0,
  },
  operations: {
    deployers: {
      githubRepository: "example/app",
      planPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    },
  },
} satisfies Environment;
