import { isZones, matches } from "../checks.ts";
import { logRetention } from "./retention.ts";
import { flag, inSection, type Rule, unlessThereIs } from "./rule.ts";

const newNetworkRules: readonly Rule[] = [
  {
    path: "network.cidrBlock",
    must: "be a private /16 block",
    use: '"10.0.0.0/16"',
    optional: true,
    test: matches(/^(10\.(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])|172\.(1[6-9]|2\d|3[01])|192\.168)\.0\.0\/16$/),
  },
  {
    path: "network.zones",
    must: "name 2 or 3 different zones by their letters",
    use: '["a", "b"]',
    optional: true,
    test: isZones,
  },
  {
    path: "network.nat",
    must: 'be "single", "per-zone" or "none"',
    use: '"single"',
    test: (value) => value === "single" || value === "per-zone" || value === "none",
  },
  {
    path: "network.tiers",
    must: "be 2 or 3",
    use: "3",
    optional: true,
    test: (value) => value === 2 || value === 3,
  },
  flag("network.networkAcls"),
  ...inSection("network.flowLogs", [logRetention("network.flowLogs.retentionDays")]),
];

const subnets = (tier: string, which: string): Rule => ({
  path: `network.existingVpc.${tier}SubnetIds`,
  must: `name two or more different subnets, in different zones, ${which}`,
  use: '["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]',
  test: (value) =>
    Array.isArray(value) &&
    value.length >= 2 &&
    new Set(value).size === value.length &&
    value.every(matches(/^subnet-[0-9a-f]{8,17}$/)),
});

/** The fields of `settings/network.ts`. */
export const networkRules: readonly Rule[] = [
  ...unlessThereIs("network.existingVpc", newNetworkRules),
  ...inSection("network.existingVpc", [
    {
      path: "network.existingVpc.vpcId",
      must: "be the id of a VPC",
      use: '"vpc-0123456789abcdef0"',
      test: matches(/^vpc-[0-9a-f]{8,17}$/),
    },
    subnets("public", "routed to an internet gateway"),
    subnets("app", "with a way out that is not the internet gateway"),
    subnets("data", "not routed to the internet gateway"),
  ]),
];
