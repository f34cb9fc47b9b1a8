import { isBoolean, matches, name, whole } from "../checks.ts";
import type { Rule } from "./rule.ts";

/** The fields of `environment.ts` itself, and of `settings/app.ts`. */
export const environmentRules: readonly Rule[] = [
  {
    path: "project",
    must: "be 2 to 12 of a-z, 0-9 and single -, from a letter on",
    use: '"webstead"',
    test: name(2, 12),
  },
  {
    path: "name",
    must: "be 2 to 18 of a-z, 0-9 and single -, from a letter on, and 28 together with project",
    use: '"dev"',
    test: (value, at) => name(2, 18)(value) && `${at("project")}${value}`.length <= 28,
  },
  { path: "account", must: "be the account's 12 digits", use: '"123456789012"', test: matches(/^\d{12}$/) },
  { path: "region", must: "be an AWS region", use: '"us-east-1"', test: matches(/^[a-z]{2}(-[a-z]+)+-\d$/) },
  { path: "protect", must: "be true or false", use: "true", test: isBoolean },
  {
    path: "app.port",
    must: "be a port from 1 to 65535 other than 22, which belongs to SSH; of tasks, who run as nobody, from 1024 on",
    use: (at) => (at("compute.fargate") === undefined ? "80" : "8000"),
    test: (value, at) => whole(at("compute.fargate") === undefined ? 1 : 1024, 65_535)(value) && value !== 22,
  },
  {
    path: "app.healthCheckPath",
    must: "be a path of up to 1024 characters without spaces, from / on",
    use: '"/healthz"',
    test: matches(/^\/[\x21-\x7e]{0,1023}$/),
  },
];
