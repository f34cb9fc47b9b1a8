/**
 * `npm run docs`: writes docs/features.md: what the project is asked for, row by row, and the test that shows it. A
 * test of its own fails when a row names a test that is not there.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** What shows that a feature is there: a test by its file and title, or why there is none. */
export type Shown =
  | { readonly file: string; readonly title: string }
  | { readonly live: string }
  | { readonly notYet: string };

/** One thing that is asked for. */
export interface Feature {
  readonly row: number;
  readonly feature: string;
  readonly shown: readonly Shown[];
}

const unit = "__tests__/constructs";
const suites = "__tests__/suites";
const files = {
  network: `${unit}/network/network.test.ts`,
  existing: `${unit}/network/existing-network.test.ts`,
  fences: `${unit}/network/fences.test.ts`,
  balancer: `${unit}/edge/load-balancer.test.ts`,
  https: `${unit}/edge/https.test.ts`,
  cloudfront: `${unit}/edge/cloudfront.test.ts`,
  service: `${unit}/compute/auto-scaling-service.test.ts`,
  fargate: `${unit}/compute/fargate-service.test.ts`,
  role: `${unit}/compute/instance-role.test.ts`,
  database: `${unit}/data/database.test.ts`,
  options: `${unit}/data/options.test.ts`,
  operations: `${unit}/operations/operations.test.ts`,
  stack: `${unit}/web-app-stack.test.ts`,
  connections: `${unit}/connections.test.ts`,
  account: `${unit}/operations/aws-account.test.ts`,
  reach: "proofs/reachability/sentences.ts",
  privilege: "__tests__/proofs/privilege/privilege.test.ts",
  diagram: "__tests__/diagram/diagram.test.ts",
  validate: "__tests__/config/validate.test.ts",
  environments: `${suites}/environments/environments.test.ts`,
  whole: `${suites}/twin/whole-way.test.ts`,
  refusals: `${suites}/twin/refusals.test.ts`,
  rollout: `${suites}/rollout/rollout.test.ts`,
  tasks: `${suites}/rollout/tasks.test.ts`,
  faults: `${suites}/image/faults.test.ts`,
  tools: `${suites}/image/tools-container.test.ts`,
  proxy: "__tests__/cli/proxy.test.ts",
  mirror: "__tests__/cli/terraform/provider-mirror.test.ts",
  trouble: `${suites}/trouble/trouble.test.ts`,
  rdsGaps: "twin/aws-api/tests/gaps/rds.py",
  machines: `${suites}/image/machines.test.ts`,
  packer: `${suites}/image/packer-api.test.ts`,
  selinux: `${suites}/selinux/selinux.test.ts`,
  app: `${suites}/database/database.test.ts`,
  directory: `${suites}/database/directory.test.ts`,
  photos: `${suites}/database/photos.test.ts`,
  uploads: `${suites}/database/uploads.test.ts`,
  browser: `${suites}/browser/flows.test.ts`,
  twinDatabase: `${suites}/database/twin-database.test.ts`,
  release: `${suites}/release/release.test.ts`,
  source: "__tests__/cli/release/source.test.ts",
  hop: "webapp/test/load-balancer.test.ts",
  websocket: "__tests__/twin/load-balancer/websocket.test.ts",
} as const;

const by = (file: keyof typeof files, title: string): Shown => ({ file: files[file], title });
const applied = by(
  "environments",
  "all of them come up at once, and each answers at the URL that it printed",
);

const table: readonly (readonly [feature: string, ...shown: Shown[]])[] = [
  ["VPC 10.0.0.0/16", by("network", "is made of these resources and no others"), applied],
  ["VPC 10.1.0.0/16", by("fences", "has four subnets, numbered from 1 on"), applied],
  [
    "a public and a private subnet (two of each: load balancer and RDS need two zones)",
    by("fences", "has four subnets, numbered from 1 on"),
    applied,
  ],
  ["four subnets in two tiers", by("fences", "has four subnets, numbered from 1 on"), applied],
  [
    "six subnets in three tiers",
    by("network", "has a public, an app and a data subnet in each of two zones"),
    applied,
  ],
  [
    "region and zones, with names",
    by("validate", "every environment that ships is valid and named after its file"),
    by("account", "everything is tagged with project and environment"),
  ],
  ["a third zone", by("network", "a network over three zones has nine subnets, numbered tier by tier")],
  ["no public addresses for instances", by("network", "gives no instance a public address")],
  [
    "internet gateway",
    by(
      "network",
      "routes the public tier to the internet gateway, the app tier to NAT and the data tier nowhere",
    ),
  ],
  [
    "public route",
    by(
      "network",
      "routes the public tier to the internet gateway, the app tier to NAT and the data tier nowhere",
    ),
  ],
  ["the app's route to NAT", by("reach", "an instance reaches every AWS service that its role may use")],
  [
    "NAT in one zone, each, or none",
    by("network", "a network with NAT per zone sends each zone through its own gateway"),
    by("network", "a network without NAT has no way out but interface endpoints"),
  ],
  ["the data tier is local", by("reach", "subnets where nothing but databases stands have no way out")],
  ["endpoints", by("network", "reaches S3 and DynamoDB without NAT, from the app tier only")],
  [
    "network ACLs with the ports of answers",
    by("fences", "let answers back in: they remember no connection"),
  ],
  ["network ACLs as a second layer", by("fences", "stand around every subnet"), applied],
  ["bring a VPC", by("existing", "load balancer, service and database stand in the subnets that were named")],
  [
    "the load balancer's security group",
    by("reach", "the internet reaches the load balancer on the ports of its listeners and nothing else"),
  ],
  ["443 with HTTPS", by("https", "opens both ports to the internet")],
  ["no port 22", by("connections", "port 22 from anywhere is refused with a pointer to Session Manager")],
  [
    "80 and 443 only",
    by("reach", "anyone is let in by the load balancer's security group alone, on 80 and 443"),
  ],
  [
    "the app answers the load balancer alone",
    by("reach", "only the load balancer reaches the service, and on its port alone"),
  ],
  ["the app's ways out", by("reach", "the service opens connections on 443 and to the database only")],
  [
    "the bastion's rule only with a bastion",
    by("operations", "and with it alone comes its way to the database"),
  ],
  ["the database answers the app alone, and asks nobody", by("reach", "the database opens no connection")],
  ["by security group, not by address", by("reach", "the service reaches the database on its port")],
  [
    "the database from the bastion, if there is one",
    by("reach", "only the service and a bastion reach the database, and on its port alone"),
  ],
  ["no group that lets everything in", by("connections", "a tier starts with an empty security group")],
  [
    "IPv4 only",
    by("stack", "has IPv4 only, no version that moves by itself, and no password"),
    by("faults", "says $check when $about"),
  ],
  [
    "an internet-facing load balancer in two zones",
    by("balancer", "stands in the public subnets, for IPv4, behind its own security group"),
    applied,
  ],
  ["HTTP on 80", by("balancer", "forwards HTTP on port 80 to its one target group"), applied],
  [
    "HTTPS on 443 by ACM and DNS",
    by("https", "proves its name in the zone and points it to itself, over IPv4"),
    by(
      "environments",
      "with HTTPS, port 80 leads to it, and the certificate is for the domain and nobody else",
    ),
  ],
  ["80 to 443 by 301", by("https", "sends port 80 there for good")],
  [
    "routing by content, WebSocket",
    by("https", "listener rules answer before the app, by path and host"),
    by("websocket", "a WebSocket goes through, both ways, and ends when its target is deregistered"),
  ],
  ["target group", by("balancer", "can replace its target group while the listener points to the old one")],
  [
    "health check without the database",
    by("balancer", "checks the app's own path on the app's own port for a 200"),
    by("app", "while the database is away the app lives, is not ready, and comes back by itself"),
    by(
      "trouble",
      "a database that is $name costs 503s that say when to try again, none once it answers, and no instance",
    ),
  ],
  [
    "registration by itself",
    by("whole", "replaces an instance whose app was killed, within its bound, and loses no entry"),
    by(
      "trouble",
      "an instance that is killed costs requests within its bound alone, and no entry and no photo",
    ),
  ],
  ["WAF, counting first", by("https", "only counts at first"), applied],
  ["Shield Standard is there; Advanced never", by("stack", "the stack of the sample $name is this")],
  ["Route 53", by("https", "proves its name in the zone and points it to itself, over IPv4"), applied],
  [
    "CloudFront, the only way to the load balancer",
    by("cloudfront", "lets in CloudFront's own addresses on port 80 and nobody else"),
    applied,
  ],
  ["the URL, probed", by("whole", "has its URL alone on stdout, and the URL is the page")],
  [
    "a group of one",
    by("service", "runs exactly one instance, in the app tier, registered with the load balancer"),
  ],
  [
    "self-healing, and none for the database's sake",
    by("whole", "does not replace an instance because the database is away for two minutes"),
  ],
  [
    "two to six by the processors' load, with warm-up",
    by("operations", "a group that scales leaves the number to its policy and waits for its least"),
    applied,
  ],
  ["launch template", by("service", "is one template, one group and one role")],
  ["t3 and t4g", by("validate", "every environment that ships is valid and named after its file")],
  [
    "no key pair",
    by("service", "has no key pair"),
    by("role", "an instance may open a Session Manager session, and nothing else by itself"),
  ],
  ["nothing installed at boot", by("machines", "has a network of its own with no way to the internet")],
  ["instances are private", by("reach", "services and databases have no public address")],
  [
    "Fargate: 256 units, 512 MB, two tasks, circuit breaker with a way back",
    by("fargate", "starts the new tasks first, and puts the old ones back when those do not become healthy"),
    by("tasks", "a bad image is taken back without a failed request: $name"),
    applied,
  ],
  [
    "a container image",
    by("tasks", "the parameter holds a tag that begins with the commit, and ECR has the image under it"),
    { live: "the push to ECR needs AWS" },
  ],
  [
    "Packer's AMI and snapshot",
    by("packer", "a build works in the stand-in and ends with a tagged image and its tagged snapshot"),
  ],
  ["Ansible, twice without a change", by("faults", "changes nothing when it runs again")],
  ["Amazon Linux 2023", { live: "Debian 12 is baked at every test; Amazon Linux needs AWS" }],
  [
    "SELinux enforcing",
    by("selinux", "SELinux enforces, and the app runs in its own domain"),
    by("selinux", "a photo is decoded by a library of the release, kept and shown"),
    by("selinux", "during all of that nothing was denied to the app, only to the intruder"),
  ],
  ["no firewall in the system", by("faults", "says $check when $about")],
  [
    "a production server under a hardened unit",
    by("faults", "leaves an image that passes its verification, over the connection that is still open"),
  ],
  ["one trusted proxy hop", by("hop", "forwarding headers from %s at hop %d are believed: %s")],
  [
    "the app's source from elsewhere",
    by("source", "gives the app of exactly that commit, though its branch has moved on"),
    by("source", "with another digest is refused before it is unpacked"),
    by(
      "environments",
      "an app from another repository answers in webapp's place, and keeps its data in MariaDB",
    ),
    by("environments", "webapp takes the place of that app again as a rollout that no request notices"),
  ],
  ["boot to the first answer", by("machines", "boots, and its app answers on port 80 within seconds")],
  [
    "text entries: create, read, update, delete",
    by("app", "an entry is written, read, changed, shown and deleted"),
    by("browser", "an entry is written, found, changed and deleted"),
  ],
  ["the app shows what is in the database", by("whole", "keeps an entry as a row in MariaDB")],
  [
    "employee directory with photos",
    by("directory", "an employee is kept as given, changed and removed"),
    by("uploads", "a phone's picture is put, shown and taken away with its employee"),
    by(
      "photos",
      "S3 fails between the two sizes: nothing of the new photo stays, and all of the earlier one",
    ),
    by("uploads", "the app is killed between the two sizes: the next one that starts sweeps"),
    by("uploads", "hostile pictures are each refused in words, leave nothing, and the app goes on"),
    by("browser", "an employee is added after what was wrong is mended, changed and deleted"),
    by("browser", "a photo is refused with its reason, set, seen and taken away"),
  ],
  [
    "no secret in the environment",
    by("stack", "hands the app its settings, and no secret among them"),
    by("whole", "has its password nowhere but in the secret and the database"),
  ],
  [
    "settings in a file without secrets",
    by("release", "an instance boots: user data becomes the environment, and the app answers"),
  ],
  [
    "MySQL 8.4 on gp3, growing",
    by("database", "is MySQL 8.4 on gp3"),
    by("options", "a database is watched as closely as it was asked for"),
  ],
  ["private, in two zones", by("database", "cannot be reached from outside, and stands in the data tier")],
  [
    "standby",
    by("database", "a database to be kept is protected, on standby and leaves a last snapshot"),
    { live: "how long a failover takes" },
  ],
  [
    "failover by hand",
    by("twinDatabase", "a reboot is another process with the same data"),
    by(
      "trouble",
      "a database that is $name costs 503s that say when to try again, none once it answers, and no instance",
    ),
    by("rdsGaps", "rds_failover.failover_changes_places"),
    { live: "how long it takes, and that the name leads to the other zone" },
  ],
  ["seven days of backups", by("database", "keeps seven days of backups")],
  [
    "read replica",
    by("options", "is a copy of the database, in its class, behind its security group"),
    by("twinDatabase", "has what was there before it, and what comes after"),
  ],
  [
    "monitoring, Performance Insights, minor upgrades",
    by("options", "a database is watched as closely as it was asked for"),
  ],
  [
    "encryption by a key of one's own",
    by("operations", "a key of one's own is renewed each year and encrypts all that lies still"),
  ],
  [
    "Secrets Manager and Parameter Store",
    by("database", "gets its password through write-only arguments alone"),
    by(
      "trouble",
      "ten rotations of the database's password in a minute cost no request, and the process is the same",
    ),
    by("service", "starts the image that the parameter names"),
  ],
  [
    "a private photos bucket",
    by("options", "keeps photos private, encrypted with the key, and each version for a month"),
    applied,
  ],
  [
    "its policy: TLS, and the app's own objects",
    by("options", "lets the app at its photos and at nothing else in the bucket"),
  ],
  [
    "DynamoDB",
    by("options", "keeps the directory on demand, with point-in-time recovery, protected"),
    applied,
  ],
  ["S3 for logs", by("https", "go to a private bucket, by TLS only, and away after their days"), applied],
  ["a role for the instance", by("role", "only EC2 may take the role on")],
  ["exact grants", by("privilege", "$name allows no more than is needed")],
  ["a group for operators, without keys", by("operations", "get no access key")],
  ["a second factor", by("operations", "may do nothing without a second factor but set one up")],
  [
    "deployers without keys",
    by("operations", "deployers are trusted by repository and branch, and a plan may hold the lock"),
  ],
  [
    "sign-in to the database by IAM",
    by("stack", "the stack of the sample $name is this"),
    { live: "a token of IAM's" },
  ],
  ["bastion", by("operations", "by Session Manager stands with the app, and no port of it is open")],
  [
    "the app's log",
    by("stack", "owns the app's log and lets the instance write to it alone"),
    by("machines", "its journal and its app's log file are the instance's log, here and in CloudWatch"),
  ],
  [
    "metrics and a dashboard",
    by("operations", "the dashboard has a graph for each alarm, at its threshold, side by side"),
    applied,
  ],
  ["alarms", by("operations", "watch errors, health, latency, and the database and its replica"), applied],
  [
    "CloudTrail",
    by(
      "operations",
      "the trail is of all regions, with digests, into a bucket that takes it from this trail alone",
    ),
    applied,
  ],
  [
    "what to do when something is wrong",
    by(
      "rollout",
      "a first deploy with a bad image says that there is nothing to go back to, and a good one mends it",
    ),
    by("whole", "is found well by the doctor"),
  ],
  [
    "a diagram",
    by("diagram", "docs/prod.svg shows prod as it is: npm run diagram -- prod > docs/prod.svg draws it anew"),
  ],
  [
    "tools in a container",
    by("tools", "every tool of a deploy is found in it, with nothing left to install"),
    by("tools", "the command line runs in it, on the checkout that is mounted"),
    { live: "its base and Terraform, from Docker Hub and HashiCorp" },
  ],
  ["settings in one place", by("validate", "no rule goes without an example of its message")],
  [
    "deploy: image, then Terraform; goes on where it stopped",
    by("whole", "is gone on with by the next one, which waits for what still runs and converges"),
  ],
  [
    "destroy: all of it, images and snapshots too",
    by("rollout", "leaves nothing, the shared image included, when it is destroyed too"),
  ],
  ["CI", { live: "GitHub Actions: .github/workflows/ci.yml" }],
  [
    "behind a proxy, offline",
    by("proxy", "a call to AWS goes through %s"),
    by("proxy", "on the twin nothing goes through it"),
    by(
      "proxy",
      "Terraform and Packer are told of it in both cases, and to leave this machine and its metadata out",
    ),
    by("faults", "says $check when $about"),
    by(
      "mirror",
      "a configuration file that is named but missing is replaced by one that points to the mirror",
    ),
  ],
  ["templates to use again", applied],
  ["walk-throughs", by("whole", "deploys and destroys the environment")],
];

/** All rows, numbered from 1 on. */
export const features: readonly Feature[] = table.map(([feature, ...shown], index) => ({
  row: index + 1,
  feature,
  shown,
}));

/** The page as it must be. */
export function featuresPage(): string {
  const count = (key: "file" | "live" | "notYet") =>
    features.filter(({ shown }) => shown.some((one) => key in one)).length;
  return `# What it is asked for, and what shows it

Made by \`npm run docs\` from [features.ts](features.ts); a test fails when a row names a test that is not there. Of
${features.length} rows ${count("file")} are shown by tests. **Live** is what only AWS can show, **not yet** what is not there.

| # | feature | shown by |
|---|---|---|
${features.map(({ row, feature, shown }) => `| ${row} | ${feature} | ${shown.map(inWords).join("<br>")} |`).join("\n")}
`;
}

function inWords(shown: Shown): string {
  if ("live" in shown) return `**live**: ${shown.live}`;
  if ("notYet" in shown) return `**not yet**: ${shown.notYet}`;
  return `[${shown.file.split("/").slice(-1)}](../${shown.file}): ${shown.title}`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, "features.md"), featuresPage());
}
