import { isZones, matches } from "../checks.ts";
import { logRetention } from "./retention.ts";
import { flag, inSection, type Rule } from "./rule.ts";

/** The fields of `settings/network.ts`. */
export const networkRules: readonly Rule[] = [
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
