import { describe, expect, test } from "@jest/globals";
import type { Environment } from "../../config/environment.ts";
import { loadEnvironments } from "../../config/load.ts";
import { rules } from "../../config/rules.ts";
import { validate, validateName } from "../../config/validate.ts";
import { small as dev } from "./sample.ts";

/** `dev` with the field at `path` set to `value`, or taken out. */
function devWith(path: string, value: unknown): Environment {
  const copy = structuredClone(dev) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const section = keys.reduce((found, key) => found[key] as Record<string, unknown>, copy);
  if (value === undefined) delete section[last];
  else section[last] = value;
  return copy as unknown as Environment;
}

test("every environment that ships is valid and named after its file", async () => {
  const loaded = await loadEnvironments(process.cwd());
  expect(loaded.map(({ file }) => file)).toEqual(expect.arrayContaining(["dev", "prod"]));
  for (const { file, environment } of loaded) {
    expect([...validateName(file, environment), ...validate(environment)]).toEqual([]);
  }
});

const wrong: [path: string, value: unknown, message: string][] = [
  [
    "project",
    "Web",
    'dev: project must be 2 to 12 of a-z, 0-9 and single -, from a letter on, got "Web"; use "webstead"',
  ],
  [
    "project",
    "a-rather-long-one",
    'project must be 2 to 12 of a-z, 0-9 and single -, from a letter on, got "a-rather-long-one"',
  ],
  ["project", "web-", 'got "web-"; use "webstead"'],
  [
    "name",
    "Dev_1",
    'Dev_1: name must be 2 to 16 of a-z, 0-9 and single -, from a letter on, got "Dev_1"; use "dev"',
  ],
  ["account", "1234", 'dev: account must be the account\'s 12 digits, got "1234"; use "123456789012"'],
  ["region", "europe", 'dev: region must be an AWS region, got "europe"; use "us-east-1"'],
  ["protect", "no", 'dev: protect must be true or false, got "no"; use true'],
  [
    "app.port",
    22,
    "dev: app.port must be a port from 1 to 65535 other than 22, which belongs to SSH, got 22; use 80",
  ],
  ["app.port", 65_536, "got 65536; use 80"],
  [
    "app.healthCheckPath",
    "healthz",
    'dev: app.healthCheckPath must be a path of up to 1024 characters without spaces, from / on, got "healthz"; use "/healthz"',
  ],
  [
    "network.cidrBlock",
    "10.0.0.0/24",
    'dev: network.cidrBlock must be a private /16 block, got "10.0.0.0/24"; use "10.0.0.0/16"',
  ],
  ["network.cidrBlock", "8.8.0.0/16", 'got "8.8.0.0/16"; use "10.0.0.0/16"'],
  [
    "network.zones",
    ["a"],
    'dev: network.zones must name 2 or 3 different zones by their letters, got ["a"]; use ["a", "b"]',
  ],
  ["network.zones", ["a", "a"], 'got ["a","a"]; use ["a", "b"]'],
  [
    "network.nat",
    "double",
    'dev: network.nat must be "single", "per-zone" or "none", got "double"; use "single"',
  ],
  [
    "edge.healthCheck.interval",
    "10s",
    'dev: edge.healthCheck.interval must be 5 to 300 whole seconds, got "10s"; use 10',
  ],
  [
    "edge.healthCheck.timeout",
    10,
    "dev: edge.healthCheck.timeout must be 2 to 120 whole seconds and less than edge.healthCheck.interval, got 10; use 5",
  ],
  [
    "edge.healthCheck.healthyThreshold",
    1,
    "dev: edge.healthCheck.healthyThreshold must be 2 to 10 checks, got 1; use 2",
  ],
  [
    "edge.healthCheck.unhealthyThreshold",
    11,
    "dev: edge.healthCheck.unhealthyThreshold must be 2 to 10 checks, got 11; use 2",
  ],
  [
    "edge.deregistrationDelay",
    -1,
    "dev: edge.deregistrationDelay must be 0 to 3600 whole seconds, got -1; use 30",
  ],
  [
    "compute.instanceType",
    "micro",
    'dev: compute.instanceType must be an EC2 instance type, got "micro"; use "t3.micro"',
  ],
  ["compute.rootVolumeSize", 7, "dev: compute.rootVolumeSize must be 8 to 16384 whole GB, got 7; use 8"],
  [
    "compute.healthCheckGracePeriod",
    39,
    "dev: compute.healthCheckGracePeriod must be up to 7200 whole seconds and leave 20 s of boot before edge.healthCheck's interval × healthyThreshold, got 39; use 120",
  ],
  [
    "compute.rolloutTimeout",
    60,
    "dev: compute.rolloutTimeout must be up to 7200 whole seconds and more than compute.healthCheckGracePeriod, got 60; use 600",
  ],
  ["compute.logRetentionDays", 8, "dev: compute.logRetentionDays must be one of 1, 3, 5, 7, 14, 30,"],
  [
    "database.name",
    "1st",
    'dev: database.name must be a letter and up to 63 letters, digits or _, and no word of MySQL\'s own, got "1st"; use "webapp"',
  ],
  ["database.name", "Database", 'got "Database"; use "webapp"'],
  [
    "database.username",
    "a-very-long-name-indeed",
    'dev: database.username must be a letter and up to 15 letters, digits or _, and no word of MySQL\'s own, got "a-very-long-name-indeed"; use "webapp"',
  ],
  [
    "database.instanceClass",
    "t4g.micro",
    'dev: database.instanceClass must be an RDS instance class, got "t4g.micro"; use "db.t4g.micro"',
  ],
  [
    "database.allocatedStorage",
    10,
    "dev: database.allocatedStorage must be 20 to 65536 whole GB, got 10; use 20",
  ],
  ["database.multiAz", 1, "dev: database.multiAz must be true or false, got 1; use true"],
  ["database.backupRetentionDays", 0, "dev: database.backupRetentionDays must be 1 to 35 days, got 0; use 7"],
  ["database.finalSnapshot", null, "dev: database.finalSnapshot must be true or false, got null; use true"],
  [
    "database.passwordVersion",
    1.5,
    "dev: database.passwordVersion must be a whole number from 1 on, got 1.5; use 1",
  ],
  [
    "database.secretRecoveryDays",
    3,
    "dev: database.secretRecoveryDays must be 0, or 7 to 30 days, got 3; use 7",
  ],
];

test.each(wrong)("%s %j is a problem of its own", (path, value, message) => {
  const problems = validate(devWith(path, value));
  expect(problems).toEqual([
    expect.objectContaining({ path, got: value, message: expect.stringContaining(message) }),
  ]);
});

test("no rule goes without an example of its message", () => {
  const shown = new Set(wrong.map(([path]) => path));
  expect(rules.map((rule) => rule.path).filter((path) => !shown.has(path))).toEqual([]);
});

test.each(rules.filter((rule) => rule.optional).map((rule) => rule.path))("%s may be left out", (path) => {
  expect(validate(devWith(path, undefined))).toEqual([]);
});

test.each(rules.filter((rule) => !rule.optional && rule.path !== "name").map((rule) => rule.path))(
  "%s must be there",
  (path) => {
    expect(validate(devWith(path, undefined)).map((problem) => problem.message)).toEqual([
      expect.stringMatching(`^dev: ${path} must .*, got nothing; use `),
    ]);
  },
);

describe("the fix", () => {
  test.each(wrong)("for %s %j does mend it", (path, value) => {
    const environment = devWith(path, value);
    const [problem] = validate(environment);
    expect(validate(devWith(path, JSON.parse(problem?.fix ?? "")))).toEqual([]);
  });

  test("of a field that depends on others fits those others", () => {
    const slow = devWith("edge.healthCheck", {
      interval: 300,
      timeout: 300,
      healthyThreshold: 10,
      unhealthyThreshold: 2,
    });
    expect(validate(slow).map(({ path, fix }) => [path, fix])).toEqual([
      ["edge.healthCheck.timeout", "120"],
      ["compute.healthCheckGracePeriod", "3020"],
    ]);
    const hasty = devWith("edge.healthCheck", {
      interval: 5,
      timeout: 9,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    });
    expect(validate(hasty).map(({ fix }) => fix)).toEqual(["2"]);
  });
});

test("all problems of an environment are found at once", () => {
  const environment = { ...devWith("app.port", 0), region: "mars", protect: 1 } as unknown as Environment;
  expect(validate(environment).map((problem) => problem.path)).toEqual(["region", "protect", "app.port"]);
});

test("a field that does not exist is a problem that shows the ones that do", () => {
  const environment = devWith("network.natt", "single");
  expect(validate(environment).map((problem) => problem.message)).toEqual([
    'dev: network.natt must not be there: no such field, got "single"; use one of network.cidrBlock, network.zones, network.nat',
  ]);
});

test("a section that does not exist is a problem too", () => {
  expect(validate(devWith("netwrok", { nat: "single" })).map((problem) => problem.message)).toEqual([
    'dev: netwrok must not be there: no such field, got {"nat":"single"}; use one of project, name, account, region, protect, app, network, edge, compute, database',
  ]);
});

test("what is no environment at all has every problem and no crash", () => {
  const required = rules.filter((rule) => !rule.optional).length;
  for (const nothing of [undefined, null, 7, {}]) {
    expect(validate(nothing as unknown as Environment)).toHaveLength(required);
  }
});

test("an environment that is not named after its file is a problem", () => {
  expect(validateName("staging", dev).map((problem) => problem.message)).toEqual([
    'staging: name must be the name of its file, got "dev"; use "staging"',
  ]);
});
