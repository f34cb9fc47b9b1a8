import { isBoolean, isDatabaseWord, matches, whole } from "../checks.ts";
import { numberOr } from "./number-or.ts";
import { flag, inSection, type Rule } from "./rule.ts";

/** The fields of `settings/database.ts`. */
export const databaseRules: readonly Rule[] = [
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
  {
    path: "database.maxAllocatedStorage",
    must: "be up to 65536 whole GB and at least a tenth more than database.allocatedStorage",
    use: (at) => String(5 * numberOr(at("database.allocatedStorage"), 20)),
    optional: true,
    test: (value, at) =>
      whole(22, 65_536)(value) && Number(value) >= 1.1 * numberOr(at("database.allocatedStorage"), 20),
  },
  ...inSection("database.readReplica", [
    {
      path: "database.readReplica.instanceClass",
      must: "be an RDS instance class",
      use: '"db.t4g.micro"',
      optional: true,
      test: matches(/^db\.[a-z0-9-]+\.[a-z0-9-]+$/),
    },
  ]),
  {
    path: "database.readReplica",
    must: "be {} or { instanceClass }",
    use: "{}",
    optional: true,
    test: (value) => typeof value === "object" && value !== null,
  },
  {
    path: "database.enhancedMonitoring",
    must: "be 1, 5, 10, 15, 30 or 60 seconds",
    use: "60",
    optional: true,
    test: (value) => [1, 5, 10, 15, 30, 60].includes(Number(value)) && typeof value === "number",
  },
  {
    path: "database.performanceInsights",
    must: "be true or false, and true only on a class that has it: not micro or small of t3 and t4g",
    use: "false",
    optional: true,
    test: (value, at) =>
      isBoolean(value) &&
      !(value === true && matches(/^db\.t(3|4g)\.(micro|small)$/)(at("database.instanceClass"))),
  },
  flag("database.iamAuthentication"),
  {
    path: "database.snapshotIdentifier",
    must: "be the name or ARN of a snapshot of RDS",
    use: '"webstead-prod-final"',
    optional: true,
    test: matches(/^(arn:aws[a-z-]*:rds:[\w:-]+|[A-Za-z](-?[A-Za-z0-9])*)$/),
  },
];
