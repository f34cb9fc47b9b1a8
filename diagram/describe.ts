import { type Place, placesOf, Reachability } from "../proofs/reachability.ts";
import { type Arguments, allReferenced, referenced, type Stack } from "../proofs/stack.ts";

/** Something that is drawn. */
export interface Node {
  readonly id: string;
  /** First line what it is, then what one wants to know of it. */
  readonly lines: readonly string[];
  readonly kind: "outside" | "edge" | "compute" | "data" | "operations" | "network";
  /** The tier it stands in; outside of the VPC if there is none. */
  readonly tier?: string;
}

/** Who opens connections to whom. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Against the way that requests take from top to bottom. */
  readonly isUpwards?: boolean;
}

/** The architecture of a stack. */
export interface Architecture {
  readonly network: string;
  readonly tiers: readonly { readonly name: string; readonly subnets: readonly string[] }[];
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** Types that are not drawn, and why not. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  aws_acm_certificate: "in the load balancer's HTTPS",
  aws_acm_certificate_validation: "in the load balancer's HTTPS",
  aws_autoscaling_policy: "in the service's count",
  aws_cloudwatch_log_group: "where logs go",
  aws_db_parameter_group: "a setting of the database",
  aws_db_subnet_group: "where the database stands",
  aws_default_security_group: "empty",
  aws_eip: "the NAT gateway's address",
  aws_flow_log: "a record of the network",
  aws_iam_group: "who may",
  aws_iam_group_policy: "who may",
  aws_iam_instance_profile: "who may",
  aws_iam_openid_connect_provider: "who may",
  aws_iam_role: "who may",
  aws_iam_role_policy: "who may",
  aws_iam_role_policy_attachment: "who may",
  aws_kms_alias: "the key's name",
  aws_launch_template: "in the service",
  aws_lb_listener: "in the arrows to the load balancer",
  aws_lb_listener_rule: "answers of the load balancer's own",
  aws_lb_target_group: "between load balancer and service",
  aws_network_acl: "a fence around each tier",
  aws_network_acl_rule: "a fence around each tier",
  aws_route: "in the arrows out",
  aws_route_table: "in the arrows out",
  aws_route_table_association: "in the arrows out",
  aws_route53_record: "the load balancer's name",
  aws_s3_bucket_lifecycle_configuration: "a setting of a bucket",
  aws_s3_bucket_policy: "a setting of a bucket",
  aws_s3_bucket_public_access_block: "a setting of a bucket",
  aws_s3_bucket_server_side_encryption_configuration: "a setting of a bucket",
  aws_s3_bucket_versioning: "a setting of a bucket",
  aws_secretsmanager_secret_version: "in the secret",
  aws_security_group: "in the arrows",
  aws_sns_topic_subscription: "in the alarms",
  aws_vpc_security_group_egress_rule: "in the arrows",
  aws_vpc_security_group_ingress_rule: "in the arrows",
  aws_wafv2_web_acl_association: "between web ACL and load balancer",
  terraform_data: "a name for the last snapshot",
};

/** Types that are drawn. */
export const DRAWN: readonly string[] = [
  ...["aws_autoscaling_group", "aws_cloudtrail", "aws_cloudwatch_dashboard", "aws_cloudwatch_metric_alarm"],
  ...[
    "aws_db_instance",
    "aws_dynamodb_table",
    "aws_instance",
    "aws_internet_gateway",
    "aws_kms_key",
    "aws_lb",
  ],
  ...[
    "aws_nat_gateway",
    "aws_s3_bucket",
    "aws_secretsmanager_secret",
    "aws_sns_topic",
    "aws_subnet",
    "aws_vpc",
  ],
  ...["aws_vpc_endpoint", "aws_wafv2_web_acl"],
];

/** Ports that arrows are drawn for. */
const PORTS = [22, 80, 443, 3306, 8000, 8080];

/** Reads the architecture out of a stack: what there is, where it stands, and who reaches whom. */
export function describe(stack: Stack): Architecture {
  const places = placesOf(stack).filter(({ name }) => !name.startsWith("endpoint"));
  const tierOf = (subnet: string | undefined) => /network_(\w+)_subnet/.exec(subnet ?? "")?.[1] ?? "";
  const [[, vpc] = ["", {}]] = stack.all("aws_vpc");
  const tiers = new Map<string, string[]>();
  for (const [address, it] of stack.all("aws_subnet")) {
    const zone = String(it.availability_zone).slice(-1);
    const tier = tierOf(address);
    tiers.set(tier, [...(tiers.get(tier) ?? []), `zone ${zone}  ${it.cidr_block}`]);
  }
  return {
    network: `VPC ${(vpc as Arguments).cidr_block}`,
    tiers: [...tiers]
      .map(([name, subnets]) => ({ name, subnets }))
      .sort((a, b) => order(a.name) - order(b.name)),
    nodes: [
      { id: "internet", lines: ["Internet"], kind: "outside" },
      ...stack
        .all("aws_internet_gateway")
        .map((): Node => ({ id: "gateway", lines: ["Internet gateway"], kind: "network" })),
      ...places.map((place) => nodeOf(stack, place, tierOf(place.subnets[0]))),
      ...replicas(stack),
      ...natGateways(stack, tierOf),
      ...aside(stack),
    ],
    edges: edgesOf(stack, places),
  };
}

const order = (tier: string) => ["public", "app", "data"].indexOf(tier);

function nodeOf(stack: Stack, { name }: Place, tier: string): Node {
  if (name === "load balancer") return { id: name, lines: ["Load balancer"], kind: "edge", tier };
  if (name === "bastion") return { id: name, lines: ["Bastion"], kind: "compute", tier };
  if (name === "database") {
    const [, it = {}] =
      stack.all("aws_db_instance").find(([, one]) => one.replicate_source_db === undefined) ?? [];
    const standby = it.multi_az === true ? ["standby in a second zone"] : [];
    return {
      id: name,
      lines: [`MySQL ${it.engine_version}`, String(it.instance_class), ...standby],
      kind: "data",
      tier,
    };
  }
  const [[, group] = ["", {}]] = stack.all("aws_autoscaling_group");
  const { min_size, max_size, launch_template } = group as Arguments;
  const template = stack.at(referenced((launch_template as Arguments).id) ?? "");
  const count = min_size === max_size ? `${min_size} × ` : `${min_size} to ${max_size} × `;
  return {
    id: name,
    lines: ["Auto Scaling group", `${count}${template?.instance_type}`],
    kind: "compute",
    tier,
  };
}

function replicas(stack: Stack): Node[] {
  return stack
    .all("aws_db_instance")
    .filter(([, it]) => it.replicate_source_db !== undefined)
    .map(([, it]) => ({
      id: "replica",
      lines: ["Read replica", String(it.instance_class)],
      kind: "data",
      tier: "data",
    }));
}

function natGateways(stack: Stack, tierOf: (subnet: string | undefined) => string): Node[] {
  const gateways = stack.all("aws_nat_gateway");
  const [[, first] = ["", {}]] = gateways;
  if (gateways.length === 0) return [];
  const lines = gateways.length === 1 ? ["NAT gateway"] : ["NAT gateways", "one in each zone"];
  return [{ id: "nat", lines, kind: "network", tier: tierOf(referenced((first as Arguments).subnet_id)) }];
}

/** What stands in no subnet. */
function aside(stack: Stack): Node[] {
  const some = (type: string, id: string, kind: Node["kind"], lines: (count: number) => string[]): Node[] => {
    const count = stack.all(type).length;
    return count === 0 ? [] : [{ id, lines: lines(count), kind }];
  };
  const buckets = stack.all("aws_s3_bucket").map(([, it]) => String(it.bucket_prefix).split("-").at(-2));
  return [
    ...some("aws_wafv2_web_acl", "waf", "edge", () => ["Web ACL"]),
    ...some("aws_secretsmanager_secret", "secret", "data", () => [
      "Secrets Manager",
      "the database's password",
    ]),
    ...some("aws_dynamodb_table", "table", "data", () => ["DynamoDB", "directory"]),
    ...some("aws_s3_bucket", "buckets", "data", () => ["S3", buckets.join(", ")]),
    ...some("aws_kms_key", "key", "operations", () => ["Customer key"]),
    ...some("aws_cloudtrail", "trail", "operations", () => ["CloudTrail"]),
    ...some("aws_cloudwatch_metric_alarm", "alarms", "operations", (count) => [`${count} alarms`, "by mail"]),
    ...some("aws_cloudwatch_dashboard", "dashboard", "operations", () => ["Dashboard"]),
    ...some("aws_vpc_endpoint", "endpoints", "network", (count) => [
      count === 2 ? "S3 and DynamoDB endpoints" : `${count} endpoints`,
    ]),
  ];
}

function edgesOf(stack: Stack, places: readonly Place[]): Edge[] {
  const network = new Reachability(stack);
  const has = (type: string) => stack.all(type).length > 0;
  const between = places.flatMap((from) =>
    places.flatMap((to) => {
      if (from === to) return [];
      // What everybody may reach is drawn from the internet alone.
      const open = PORTS.filter(
        (port) => network.reaches(from, to, port) && !network.internetReaches(to, port),
      );
      return open.length === 0 ? [] : [{ from: from.name, to: to.name, label: open.join(", ") }];
    }),
  );
  const incoming = places.flatMap((to) => {
    const open = PORTS.filter((port) => network.internetReaches(to, port));
    return open.length === 0 ? [] : [{ from: "gateway", to: to.name, label: open.join(", ") }];
  });
  const outgoing = has("aws_nat_gateway")
    ? places
        .filter((from) => network.reachesInternet(from, 443) && !from.isPublic)
        .map((from) => ({ from: from.name, to: "nat", label: "443", isUpwards: true }))
    : [];
  const replica = stack.all("aws_db_instance").some(([, it]) => it.replicate_source_db !== undefined);
  return [
    { from: "internet", to: "gateway", label: "" },
    ...incoming,
    ...between,
    ...outgoing,
    ...(outgoing.length > 0 ? [{ from: "nat", to: "gateway", label: "", isUpwards: true }] : []),
    ...(replica
      ? [
          { from: "database", to: "replica", label: "copies" },
          { from: "service", to: "replica", label: "3306" },
        ]
      : []),
    ...(has("aws_wafv2_web_acl") ? [{ from: "waf", to: "load balancer", label: "inspects" }] : []),
    ...(has("aws_secretsmanager_secret") ? [{ from: "service", to: "secret", label: "reads" }] : []),
    ...(has("aws_dynamodb_table") ? [{ from: "service", to: "table", label: "" }] : []),
    ...(photosOf(stack) ? [{ from: "service", to: "buckets", label: "photos" }] : []),
  ];
}

function photosOf(stack: Stack): boolean {
  return allReferenced(stack.all("aws_s3_bucket").map(([address]) => `\${${address}.id}`)).some((it) =>
    it.includes("photos"),
  );
}
