import { runInNewContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import type { Environment } from "../../config/environment.ts";
import { loadEnvironments } from "../../config/load.ts";
import { rules } from "../../config/rules/rules.ts";
import { validate, validateName } from "../../config/validate.ts";
import { contained, small as dev, everything, hosted } from "./sample.ts";

/** `dev` with the field at `path` set to `value`, or taken out. */
function devWith(path: string, value: unknown): Environment {
  return withField(dev, path, value);
}

/** `dev`, or for a field of an optional section the environment that has them all. */
function sampleWith(path: string, value: unknown): Environment {
  if (/^(network\.existingVpc|app\.source\.folder)/.test(path)) return withField(hosted, path, value);
  if (/^(compute\.fargate|app\.source\.(git|commit)$)/.test(path)) return withField(contained, path, value);
  const isInSection =
    path
      .split(".")
      .slice(0, -1)
      .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], dev) ===
    undefined;
  return withField(isInSection ? everything : dev, path, value);
}

function withField(base: Environment, path: string, value: unknown): Environment {
  const copy = structuredClone(base) as unknown as Record<string, unknown>;
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
    'Dev_1: name must be 2 to 18 of a-z, 0-9 and single -, from a letter on, and 28 together with project, got "Dev_1"; use "dev"',
  ],
  ["name", "a-rather-long-one-1", 'and 28 together with project, got "a-rather-long-one-1"; use "dev"'],
  ["account", "1234", 'dev: account must be the account\'s 12 digits, got "1234"; use "123456789012"'],
  ["region", "europe", 'dev: region must be an AWS region, got "europe"; use "us-east-1"'],
  ["protect", "no", 'dev: protect must be true or false, got "no"; use true'],
  [
    "app.port",
    22,
    "dev: app.port must be a port from 1 to 65535 other than 22, which belongs to SSH; of tasks, who run as nobody, from 1024 on, got 22; use 80",
  ],
  ["app.port", 65_536, "got 65536; use 80"],
  [
    "app.healthCheckPath",
    "healthz",
    'dev: app.healthCheckPath must be a path of up to 1024 characters without spaces, from / on, got "healthz"; use "/healthz"',
  ],
  [
    "app.source",
    "webapp",
    'dev: app.source must have one of folder, tarball and git, sha256 beside tarball alone, and commit beside git alone, got "webapp"; use { folder: "webapp" }',
  ],
  ["app.source", {}, 'got {}; use { folder: "webapp" }'],
  [
    "app.source",
    { folder: "webapp", git: "../app", commit: "0123456789012345678901234567890123456789" },
    "dev: app.source must have one of folder, tarball and git",
  ],
  ["app.source", { folder: "webapp", commit: "main" }, "and commit beside git alone"],
  ["app.source.folder", "", 'guest: app.source.folder must be the path of a folder, got ""; use "webapp"'],
  [
    "app.source.tarball",
    "http://example.com/app.tgz",
    'full: app.source.tarball must be the path of a .tar.gz or .tgz, or an https URL without a name in it, got "http://example.com/app.tgz"; use "../app.tar.gz"',
  ],
  ["app.source.tarball", "app.zip", 'got "app.zip"'],
  [
    "app.source.sha256",
    "main",
    "full: app.source.sha256 must be the SHA-256 of the tarball, 64 of 0-9 and a-f (sha256sum prints it)",
  ],
  [
    "app.source.git",
    "ext::sh -c date",
    'tasks: app.source.git must be a repository that git fetches from: https:// without a name in it, ssh://, file://, user@host:path, or a path from / or . on, got "ext::sh -c date"; use "https://github.com/example/app.git"',
  ],
  ["app.source.git", "https://me:secret@example.com/app.git", "https:// without a name in it"],
  ["app.source.git", "--upload-pack=date", "must be a repository that git fetches from"],
  [
    "app.source.commit",
    "main",
    'tasks: app.source.commit must be the whole id of a commit, 40 of 0-9 and a-f (git rev-parse HEAD prints it), got "main"',
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
  [
    "network.existingVpc.vpcId",
    "main",
    'guest: network.existingVpc.vpcId must be the id of a VPC, got "main"; use "vpc-0123456789abcdef0"',
  ],
  [
    "network.existingVpc.publicSubnetIds",
    ["subnet-0000000a"],
    'guest: network.existingVpc.publicSubnetIds must name two or more different subnets, in different zones, routed to an internet gateway, got ["subnet-0000000a"]; use ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]',
  ],
  ["network.existingVpc.appSubnetIds", "subnet-0000000a", "with a way out that is not the internet gateway"],
  [
    "network.existingVpc.dataSubnetIds",
    ["subnet-0000000a", "subnet-0000000a"],
    "guest: network.existingVpc.dataSubnetIds must name two or more different subnets",
  ],
  ["network.tiers", 4, "dev: network.tiers must be 2 or 3, got 4; use 3"],
  ["network.networkAcls", "yes", 'dev: network.networkAcls must be true or false, got "yes"; use true'],
  ["network.flowLogs.retentionDays", 10, "full: network.flowLogs.retentionDays must be one of 1, 3, 5, 7,"],
  [
    "edge.https.domainName",
    "app",
    'full: edge.https.domainName must be a fully qualified name of at most 64 characters, got "app"; use "app.example.com"',
  ],
  [
    "edge.https.domainName",
    "https://app.example.com",
    'got "https://app.example.com"; use "app.example.com"',
  ],
  [
    "edge.https.hostedZoneId",
    "example.com",
    'full: edge.https.hostedZoneId must be the id of a Route 53 zone, got "example.com"; use "Z0123456789ABCDEFGHIJ"',
  ],
  [
    "edge.https.minimumTls",
    "1.1",
    'full: edge.https.minimumTls must be "1.2" or "1.3", and "1.2" with edge.cloudFront, which has both and cannot be told to take one, got "1.1"; use "1.2"',
  ],
  [
    "edge.cloudFront",
    true,
    "dev: edge.cloudFront must stand beside edge.https, in region us-east-1: its certificate and web ACL live there, got true; use nothing",
  ],
  [
    "edge.cloudFront.priceClass",
    "50",
    'full: edge.cloudFront.priceClass must be "100", "200" or "all", got "50"; use "100"',
  ],
  ["edge.webAcl.mode", "on", 'full: edge.webAcl.mode must be "count" or "block", got "on"; use "count"'],
  [
    "edge.webAcl.requestsPer5Minutes",
    10,
    "full: edge.webAcl.requestsPer5Minutes must be 100 to 20000000 requests, got 10; use 2000",
  ],
  [
    "edge.accessLogs.retentionDays",
    0,
    "full: edge.accessLogs.retentionDays must be 1 to 3650 days, got 0; use 90",
  ],
  [
    "edge.listenerRules",
    [{ priority: 10 }],
    "dev: edge.listenerRules must be rules with a priority of their own",
  ],
  [
    "edge.listenerRules",
    [
      { priority: 10, paths: ["/a"], answer: { status: 404, body: "" } },
      { priority: 10, paths: ["/b"], answer: { status: 404, body: "" } },
    ],
    "dev: edge.listenerRules must be rules with a priority of their own",
  ],
  [
    "edge.listenerRules",
    [{ priority: 1, paths: ["1", "2", "3", "4", "5", "6"], answer: { status: 404, body: "" } }],
    "one to five paths and hosts",
  ],
  ["edge.listenerRules", [{ priority: 1, paths: ["/a"], answer: { status: 99, body: "" } }], "or an answer"],
  [
    "compute.fargate.cpu",
    300,
    "tasks: compute.fargate.cpu must be 256, 512, 1024, 2048 or 4096 units, got 300; use 256",
  ],
  [
    "compute.fargate.memory",
    4096,
    "tasks: compute.fargate.memory must be the MB that Fargate has for compute.fargate.cpu, got 4096; use 512",
  ],
  [
    "compute.fargate.tasks",
    0,
    "tasks: compute.fargate.tasks must be 1 to 20, and not be there beside compute.scaling, got 0; use 2",
  ],
  ["compute.scaling.minimum", 0, "full: compute.scaling.minimum must be 1 to 10, got 0; use 2"],
  [
    "compute.scaling.maximum",
    2,
    "full: compute.scaling.maximum must be up to 20 and more than compute.scaling.minimum, got 2; use 6",
  ],
  [
    "compute.scaling.cpuPercent",
    0.7,
    "full: compute.scaling.cpuPercent must be 10 to 90 percent, got 0.7; use 70",
  ],
  [
    "compute.scaling.warmup",
    -1,
    "full: compute.scaling.warmup must be 0 to 3600 whole seconds, got -1; use 60",
  ],
  [
    "database.maxAllocatedStorage",
    20,
    "dev: database.maxAllocatedStorage must be up to 65536 whole GB and at least a tenth more than database.allocatedStorage, got 20; use 100",
  ],
  [
    "database.readReplica",
    true,
    "dev: database.readReplica must be {} or { instanceClass }, got true; use {}",
  ],
  [
    "database.readReplica.instanceClass",
    "micro",
    'full: database.readReplica.instanceClass must be an RDS instance class, got "micro"; use "db.t4g.micro"',
  ],
  [
    "database.enhancedMonitoring",
    2,
    "dev: database.enhancedMonitoring must be 1, 5, 10, 15, 30 or 60 seconds, got 2; use 60",
  ],
  [
    "database.performanceInsights",
    true,
    "dev: database.performanceInsights must be true or false, and true only on a class that has it: not micro or small of t3 and t4g, got true; use false",
  ],
  ["database.iamAuthentication", 1, "dev: database.iamAuthentication must be true or false, got 1; use true"],
  [
    "database.snapshotIdentifier",
    "-last",
    'dev: database.snapshotIdentifier must be the name or ARN of a snapshot of RDS, got "-last"; use "webstead-prod-final"',
  ],
  ["storage.photos", "yes", 'full: storage.photos must be true or false, got "yes"; use true'],
  ["storage.directoryTable", 1, "full: storage.directoryTable must be true or false, got 1; use true"],
  [
    "operations.customerKey",
    "arn",
    'full: operations.customerKey must be true or false, got "arn"; use true',
  ],
  ["operations.dashboard", {}, "full: operations.dashboard must be true or false, got {}; use true"],
  ["operations.operators", [], "full: operations.operators must be true or false, got []; use true"],
  [
    "operations.trail.retentionDays",
    1.5,
    "full: operations.trail.retentionDays must be 1 to 3650 days, got 1.5",
  ],
  [
    "operations.alarms.email",
    "ops",
    'full: operations.alarms.email must be a mail address, got "ops"; use "ops@example.com"',
  ],
  [
    "operations.bastion.from",
    ["0.0.0.0/0"],
    'full: operations.bastion.from must name, for ssh alone, IPv4 blocks of /24 or narrower: SSH is never open to all, got ["0.0.0.0/0"]; use ["203.0.113.7/32"]',
  ],
  ["operations.bastion.from", ["::/0"], 'got ["::/0"]; use ["203.0.113.7/32"]'],
  ["operations.bastion.from", ["10.0.0.0/8"], "/24 or narrower"],
  [
    "operations.bastion.keyName",
    "",
    'full: operations.bastion.keyName must name, for ssh alone, an EC2 key pair that is there, got ""; use "ops"',
  ],
  [
    "operations.deployers.githubRepository",
    "app",
    'full: operations.deployers.githubRepository must be owner/name of a repository on GitHub, got "app"; use "example/app"',
  ],
  [
    "operations.deployers.branch",
    "*",
    'full: operations.deployers.branch must be the name of a branch, without wildcards, got "*"; use "main"',
  ],
  [
    "operations.deployers.planPolicyArns",
    ["arn:aws:iam::aws:policy/AmazonS3FullAccess"],
    "full: operations.deployers.planPolicyArns must be a list of policy ARNs, none of them a FullAccess of AWS's",
  ],
  [
    "operations.deployers.applyPolicyArns",
    ["arn:aws:iam::aws:policy/AdministratorAccess"],
    "full: operations.deployers.applyPolicyArns must be a list of policy ARNs, none of them AdministratorAccess",
  ],
];

test("a network is its own or somebody's: both at once is refused field by field", () => {
  const both = withField(hosted, "network.nat", "single");
  expect(validate(both).map(({ message }) => message)).toEqual([
    'guest: network.nat must not be there beside network.existingVpc, got "single"; use nothing',
  ]);
});

test("tasks have no AMI: what belongs to instances is refused beside them", () => {
  const both = withField(
    withField(contained, "compute.instanceType", "t3.micro"),
    "compute.rootVolumeSize",
    8,
  );
  expect(validate(both).map(({ message }) => message)).toEqual([
    'tasks: compute.instanceType must not be there beside compute.fargate, got "t3.micro"; use nothing',
    "tasks: compute.rootVolumeSize must not be there beside compute.fargate, got 8; use nothing",
  ]);
});

test("CloudFront is refused without HTTPS, away from us-east-1, and beside a TLS that it cannot insist on", () => {
  const elsewhere = withField(everything, "region", "eu-central-1");
  const plain = withField(everything, "edge.https", undefined);
  for (const environment of [elsewhere, plain]) {
    expect(validate(environment).map(({ path, fix }) => [path, fix])).toEqual([
      ["edge.cloudFront", "nothing"],
    ]);
  }
  const strict = withField(everything, "edge.https.minimumTls", "1.3");
  expect(validate(strict).map(({ path, fix }) => [path, fix])).toEqual([["edge.https.minimumTls", '"1.2"']]);
});

test("tasks run as nobody: a port below 1024 is refused", () => {
  expect(validate(withField(contained, "app.port", 80)).map(({ message }) => message)).toEqual([
    expect.stringContaining("of tasks, who run as nobody, from 1024 on, got 80; use 8000"),
  ]);
});

test("a number of tasks is refused beside a policy that sets it", () => {
  const both = withField(contained, "compute.scaling", { minimum: 2, maximum: 6, cpuPercent: 70 });
  expect(validate(both).map(({ message }) => message)).toEqual([
    "tasks: compute.fargate.tasks must be 1 to 20, and not be there beside compute.scaling, got 2; use nothing",
  ]);
});

test("what belongs to one way of entering alone is refused with the other", () => {
  const byAgent = withField(everything, "operations.bastion", {
    access: "session-manager",
    from: ["203.0.113.7/32"],
  });
  expect(validate(byAgent).map(({ message }) => message)).toEqual([
    'full: operations.bastion.from must name, for ssh alone, IPv4 blocks of /24 or narrower: SSH is never open to all, got ["203.0.113.7/32"]; use nothing',
  ]);
  const byBell = withField(everything, "operations.bastion.access", "bell");
  expect(validate(byBell).map(({ message }) => message)).toEqual([
    'full: operations.bastion.access must be "session-manager" or "ssh", got "bell"; use "session-manager"',
  ]);
});

test("an environment with every option is valid", () => {
  expect(validate(everything)).toEqual([]);
});

/** A fix as TypeScript reads it. */
function asTyped(fix = "nothing"): unknown {
  return fix === "nothing" ? undefined : structuredClone(runInNewContext(`(${fix})`));
}

test.each(wrong)("%s %j is a problem of its own", (path, value, message) => {
  const problems = validate(sampleWith(path, value));
  expect(problems).toEqual([
    expect.objectContaining({ path, got: value, message: expect.stringContaining(message) }),
  ]);
});

test("no rule goes without an example of its message", () => {
  const shown = new Set([...wrong.map(([path]) => path), "operations.bastion.access"]);
  expect(rules.map((rule) => rule.path).filter((path) => !shown.has(path))).toEqual([]);
});

/** Of these one must be there: without it the section is what is wrong. */
const places = ["app.source.folder", "app.source.tarball", "app.source.git"];

test.each(places)("without %s the source names no place", (path) => {
  expect(validate(sampleWith(path, undefined)).map((problem) => problem.path)).toEqual(["app.source"]);
});

const optional = rules.filter((rule) => rule.optional && !places.includes(rule.path));

test.each(optional.map((rule) => rule.path))("%s may be left out", (path) => {
  expect(validate(sampleWith(path, undefined))).toEqual([]);
});

test.each(rules.filter((rule) => !rule.optional && rule.path !== "name").map((rule) => rule.path))(
  "%s must be there",
  (path) => {
    expect(validate(sampleWith(path, undefined)).map((problem) => problem.message)).toEqual([
      expect.stringMatching(`^(dev|full|guest|tasks): ${path} must .*, got nothing; use `),
    ]);
  },
);

describe("the fix", () => {
  test.each(wrong)("for %s %j does mend it", (path, value) => {
    const environment = sampleWith(path, value);
    const [problem] = validate(environment);
    expect(validate(sampleWith(path, asTyped(problem?.fix)))).toEqual([]);
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
    'dev: network.natt must not be there: no such field, got "single"; use one of network.cidrBlock, network.zones, network.nat, network.tiers, network.networkAcls, network.flowLogs, network.existingVpc',
  ]);
});

test("a section that does not exist is a problem too", () => {
  expect(validate(devWith("netwrok", { nat: "single" })).map((problem) => problem.message)).toEqual([
    'dev: netwrok must not be there: no such field, got {"nat":"single"}; use one of project, name, account, region, protect, app, network, edge, compute, database, storage, operations',
  ]);
});

test("what is no environment at all has every problem and no crash", () => {
  const required = rules.filter((rule) => !rule.optional && rule.section === undefined).length;
  for (const nothing of [undefined, null, 7, {}]) {
    expect(validate(nothing as unknown as Environment)).toHaveLength(required);
  }
});

test("an environment that is not named after its file is a problem", () => {
  expect(validateName("staging", dev).map((problem) => problem.message)).toEqual([
    'staging: name must be the name of its file, got "dev"; use "staging"',
  ]);
});
