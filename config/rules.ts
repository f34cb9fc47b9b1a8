import { isBoolean, isDatabaseWord, isZones, matches, name, whole } from "./checks.ts";

/** One rule about one field; `validate.ts` turns the broken ones into problems. */
export interface Rule {
  /** The field, for example `edge.healthCheck.timeout`. */
  readonly path: string;
  /** Continues "must": what is asked of the value. */
  readonly must: string;
  /** A value that would do, as one writes it in TypeScript. */
  readonly use: string | ((at: FieldReader) => string);
  /** Whether the field may be left out. @default false */
  readonly optional?: boolean;
  /** Whether the value will do. `at` reads another field. */
  readonly test: (value: unknown, at: FieldReader) => boolean;
}

/** Reads another field of the same environment, `undefined` if it is not there. */
export type FieldReader = (path: string) => unknown;

/** Steps of CloudWatch Logs' PutRetentionPolicy, in days. */
const logRetentionSteps = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Every rule, in the order of the fields in `environment.ts`. */
export const rules: readonly Rule[] = [
  {
    path: "project",
    must: "be 2 to 12 of a-z, 0-9 and single -, from a letter on",
    use: '"webstead"',
    test: name(2, 12),
  },
  {
    path: "name",
    must: "be 2 to 16 of a-z, 0-9 and single -, from a letter on",
    use: '"dev"',
    test: name(2, 16),
  },
  { path: "account", must: "be the account's 12 digits", use: '"123456789012"', test: matches(/^\d{12}$/) },
  { path: "region", must: "be an AWS region", use: '"us-east-1"', test: matches(/^[a-z]{2}(-[a-z]+)+-\d$/) },
  { path: "protect", must: "be true or false", use: "true", test: isBoolean },

  {
    path: "app.port",
    must: "be a port from 1 to 65535 other than 22, which belongs to SSH",
    use: "80",
    test: (value) => whole(1, 65_535)(value) && value !== 22,
  },
  {
    path: "app.healthCheckPath",
    must: "be a path of up to 1024 characters without spaces, from / on",
    use: '"/healthz"',
    test: matches(/^\/[\x21-\x7e]{0,1023}$/),
  },

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

  { path: "edge.healthCheck.interval", must: "be 5 to 300 whole seconds", use: "10", test: whole(5, 300) },
  {
    path: "edge.healthCheck.timeout",
    must: "be 2 to 120 whole seconds and less than edge.healthCheck.interval",
    use: (at) =>
      String(Math.min(120, Math.max(2, Math.floor(secondsOf(at("edge.healthCheck.interval"), 10) / 2)))),
    test: (value, at) =>
      whole(2, 120)(value) && Number(value) < secondsOf(at("edge.healthCheck.interval"), 300),
  },
  { path: "edge.healthCheck.healthyThreshold", must: "be 2 to 10 checks", use: "2", test: whole(2, 10) },
  { path: "edge.healthCheck.unhealthyThreshold", must: "be 2 to 10 checks", use: "2", test: whole(2, 10) },
  {
    path: "edge.deregistrationDelay",
    must: "be 0 to 3600 whole seconds",
    use: "30",
    optional: true,
    test: whole(0, 3600),
  },

  {
    path: "compute.instanceType",
    must: "be an EC2 instance type",
    use: '"t3.micro"',
    test: matches(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/),
  },
  {
    path: "compute.rootVolumeSize",
    must: "be 8 to 16384 whole GB",
    use: "8",
    optional: true,
    test: whole(8, 16_384),
  },
  {
    path: "compute.healthCheckGracePeriod",
    must: "be up to 7200 whole seconds and leave 20 s of boot before edge.healthCheck's interval × healthyThreshold",
    use: (at) => String(Math.max(120, shortestGracePeriod(at))),
    test: (value, at) => whole(0, 7200)(value) && Number(value) >= shortestGracePeriod(at),
  },
  {
    path: "compute.rolloutTimeout",
    must: "be up to 7200 whole seconds and more than compute.healthCheckGracePeriod",
    use: (at) =>
      String(Math.min(7200, Math.max(600, 2 * secondsOf(at("compute.healthCheckGracePeriod"), 0)))),
    optional: true,
    test: (value, at) =>
      whole(60, 7200)(value) && Number(value) > secondsOf(at("compute.healthCheckGracePeriod"), 0),
  },
  {
    path: "compute.logRetentionDays",
    must: `be one of ${logRetentionSteps.join(", ")} days`,
    use: "30",
    test: (value) => logRetentionSteps.includes(Number(value)) && typeof value === "number",
  },

  {
    path: "database.name",
    must: "be a letter and up to 63 letters, digits or _, and no word of MySQL's own",
    use: '"webapp"',
    test: isDatabaseWord(64),
  },
  {
    path: "database.username",
    must: "be a letter and up to 15 letters, digits or _, and no word of MySQL's own",
    use: '"webapp"',
    test: isDatabaseWord(16),
  },
  {
    path: "database.instanceClass",
    must: "be an RDS instance class",
    use: '"db.t4g.micro"',
    test: matches(/^db\.[a-z0-9-]+\.[a-z0-9-]+$/),
  },
  {
    path: "database.allocatedStorage",
    must: "be 20 to 65536 whole GB",
    use: "20",
    optional: true,
    test: whole(20, 65_536),
  },
  { path: "database.multiAz", must: "be true or false", use: "true", test: isBoolean },
  {
    path: "database.backupRetentionDays",
    must: "be 1 to 35 days",
    use: "7",
    optional: true,
    test: whole(1, 35),
  },
  { path: "database.finalSnapshot", must: "be true or false", use: "true", test: isBoolean },
  {
    path: "database.passwordVersion",
    must: "be a whole number from 1 on",
    use: "1",
    optional: true,
    test: whole(1, Number.MAX_SAFE_INTEGER),
  },
  {
    path: "database.secretRecoveryDays",
    must: "be 0, or 7 to 30 days",
    use: "7",
    test: (value) => value === 0 || whole(7, 30)(value),
  },
];

/** Boot plus the checks that must pass: a shorter grace period makes the group replace what is still starting. */
function shortestGracePeriod(at: FieldReader): number {
  const bootSeconds = 20;
  const interval = secondsOf(at("edge.healthCheck.interval"), 10);
  return bootSeconds + interval * secondsOf(at("edge.healthCheck.healthyThreshold"), 2);
}

/** A field's number, or `otherwise` where it is missing or wrong itself: that is its own rule's business. */
function secondsOf(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}
