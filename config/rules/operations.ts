import { areBlocks, arePolicyArns, matches, whole } from "../checks.ts";
import { type FieldReader, flag, inSection, type Rule } from "./rule.ts";

const bySsh = (at: FieldReader) => at("operations.bastion.access") !== "session-manager";

/** The fields of `settings/operations.ts`. */
export const operationsRules: readonly Rule[] = inSection("operations", [
  flag("operations.customerKey"),
  flag("operations.dashboard"),
  flag("operations.operators"),
  ...inSection("operations.trail", [
    { path: "operations.trail.retentionDays", must: "be 1 to 3650 days", use: "365", test: whole(1, 3650) },
  ]),
  ...inSection("operations.alarms", [
    {
      path: "operations.alarms.email",
      must: "be a mail address",
      use: '"ops@example.com"',
      test: matches(/^[^\s@]+@[^\s@]+\.[^\s@]+$/),
    },
  ]),
  ...inSection("operations.bastion", [
    {
      path: "operations.bastion.access",
      must: 'be "session-manager" or "ssh"',
      use: '"session-manager"',
      test: (value) => value === "session-manager" || value === "ssh",
    },
    {
      path: "operations.bastion.from",
      must: "name, for ssh alone, IPv4 blocks of /24 or narrower: SSH is never open to all",
      use: (at) => (bySsh(at) ? '["203.0.113.7/32"]' : "nothing"),
      test: (value, at) => (bySsh(at) ? areBlocks(24)(value) : value === undefined),
    },
    {
      path: "operations.bastion.keyName",
      must: "name, for ssh alone, an EC2 key pair that is there",
      use: (at) => (bySsh(at) ? '"ops"' : "nothing"),
      test: (value, at) => (bySsh(at) ? matches(/^[\x20-\x7e]{1,255}$/)(value) : value === undefined),
    },
  ]),
  ...inSection("operations.deployers", [
    {
      path: "operations.deployers.githubRepository",
      must: "be owner/name of a repository on GitHub",
      use: '"example/app"',
      test: matches(/^[\w.-]+\/[\w.-]+$/),
    },
    {
      path: "operations.deployers.branch",
      must: "be the name of a branch, without wildcards",
      use: '"main"',
      optional: true,
      test: matches(/^[\w./-]+$/),
    },
    {
      path: "operations.deployers.planPolicyArns",
      must: "be a list of policy ARNs, none of them a FullAccess of AWS's",
      use: '["arn:aws:iam::aws:policy/ReadOnlyAccess"]',
      optional: true,
      test: arePolicyArns,
    },
    {
      path: "operations.deployers.applyPolicyArns",
      must: "be a list of policy ARNs, none of them AdministratorAccess or a FullAccess of AWS's",
      use: '["arn:aws:iam::123456789012:policy/deploy-webstead"]',
      optional: true,
      test: arePolicyArns,
    },
  ]),
]);
