import { NetworkModel } from "../proofs/reachability/network.ts";
import type { Place } from "../proofs/reachability/places.ts";
import type { Block, StackJson } from "../proofs/stack-json.ts";

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
  aws_appautoscaling_policy: "in the service's count",
  aws_appautoscaling_target: "in the service's count",
  aws_autoscaling_policy: "in the service's count",
  aws_cloudfront_vpc_origin: "between CloudFront and load balancer",
  aws_cloudwatch_log_group: "where logs go",
  aws_db_parameter_group: "a setting of the database",
  aws_db_subnet_group: "where the database stands",
  aws_default_security_group: "empty",
  aws_ecs_cluster: "in the service",
  aws_ecs_task_definition: "in the service",
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
  ...[
    "aws_autoscaling_group",
    "aws_cloudfront_distribution",
    "aws_cloudtrail",
    "aws_cloudwatch_dashboard",
    "aws_cloudwatch_metric_alarm",
  ],
  ...[
    "aws_db_instance",
    "aws_dynamodb_table",
    "aws_ecs_service",
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

/** Reads the architecture out of a stack: what there is, where it stands, and who reaches whom. */
export function describe(stack: StackJson): Architecture {
  const network = new NetworkModel(stack);
  const places = network.every("load balancer", "service", "host", "database");
  const tiers = new Map<string, string[]>();
  for (const { address, block } of stack.all("aws_subnet")) {
    const zone = String(block.availability_zone).slice(-1);
    const tier = tierOf(address);
    tiers.set(tier, [...(tiers.get(tier) ?? []), `zone ${zone}  ${block.cidr_block}`]);
  }
  const [vpc] = stack.all("aws_vpc");
  return {
    network: vpc ? `VPC ${vpc.block.cidr_block}` : "A VPC that is there",
    tiers: [...tiers]
      .map(([name, subnets]) => ({ name, subnets }))
      .sort((a, b) => order(a.name) - order(b.name)),
    nodes: [
      { id: "internet", lines: ["Internet"], kind: "outside" },
      ...stack
        .all("aws_internet_gateway")
        .map((): Node => ({ id: "gateway", lines: ["Internet gateway"], kind: "network" })),
      ...places.map((place) => nodeOf(stack, place)),
      ...natGateways(network),
      ...aside(stack),
    ],
    edges: edgesOf(network, places),
  };
}

const order = (tier: string) => ["public", "app", "data"].indexOf(tier);
const tierOf = (subnet: string | undefined) => /network_(\w+)_subnet/.exec(subnet ?? "")?.[1] ?? "";

/** What a place is called in the picture: there is one of each. */
function idOf({ role, resource }: Place): string {
  return resource.block.replicate_source_db === undefined ? role : "replica";
}

function nodeOf(stack: StackJson, place: Place): Node {
  const id = idOf(place);
  const tier = place.subnets[0] && tierOf(place.subnets[0].address);
  const node = (kind: Node["kind"], ...lines: string[]): Node => ({ id, lines, kind, ...(tier && { tier }) });
  const { block } = place.resource;
  if (id === "load balancer") return node("edge", "Load balancer");
  if (id === "host") return node("compute", "Bastion");
  if (id === "replica") return node("data", "Read replica", String(block.instance_class));
  if (id === "database") {
    const standby = block.multi_az === true ? ["standby in a second zone"] : [];
    return node("data", `MySQL ${block.engine_version}`, String(block.instance_class), ...standby);
  }
  const definition = stack.target(block.task_definition, "aws_ecs_task_definition")?.block;
  if (definition) {
    const [scaled] = stack.all("aws_appautoscaling_target").map((target) => target.block);
    const tasks = scaled ? `${scaled.min_capacity} to ${scaled.max_capacity}` : `${block.desired_count}`;
    return node("compute", "Fargate", `${tasks} × ${definition.cpu} units, ${definition.memory} MB`);
  }
  const template = stack.target(block.launch_template, "aws_launch_template");
  const count =
    block.min_size === block.max_size ? `${block.min_size}` : `${block.min_size} to ${block.max_size}`;
  return node("compute", "Auto Scaling group", `${count} × ${template?.block.instance_type}`);
}

function natGateways(network: NetworkModel): Node[] {
  const [first, ...more] = network.every("nat");
  if (first === undefined) return [];
  const lines = more.length === 0 ? ["NAT gateway"] : ["NAT gateways", "one in each zone"];
  return [{ id: "nat", lines, kind: "network", tier: tierOf(first.subnets[0]?.address) }];
}

/** What stands in no subnet. */
function aside(stack: StackJson): Node[] {
  const some = (
    type: string,
    id: string,
    kind: Node["kind"],
    lines: (found: readonly Block[]) => string[],
  ): Node[] => {
    const found = stack.all(type).map(({ block }) => block);
    return found.length === 0 ? [] : [{ id, lines: lines(found), kind }];
  };
  const contents = (buckets: readonly Block[]) =>
    buckets.map(({ bucket_prefix }) => String(bucket_prefix).split("-").at(-2)).join(", ");
  const services = (endpoints: readonly Block[]) =>
    endpoints.map(({ service_name }) => String(service_name).split(".").at(-1)).join(", ");
  return [
    ...some("aws_cloudfront_distribution", "cloudfront", "edge", () => ["CloudFront"]),
    ...some("aws_wafv2_web_acl", "waf", "edge", () => ["Web ACL"]),
    ...some("aws_secretsmanager_secret", "secret", "data", () => [
      "Secrets Manager",
      "the database's password",
    ]),
    ...some("aws_dynamodb_table", "table", "data", () => ["DynamoDB", "directory"]),
    ...some("aws_s3_bucket", "buckets", "data", (found) => ["S3", contents(found)]),
    ...some("aws_kms_key", "key", "operations", () => ["Customer key"]),
    ...some("aws_cloudtrail", "trail", "operations", () => ["CloudTrail"]),
    ...some("aws_cloudwatch_metric_alarm", "alarms", "operations", ({ length }) => [
      `${length} alarms`,
      "by mail",
    ]),
    ...some("aws_cloudwatch_dashboard", "dashboard", "operations", () => ["Dashboard"]),
    ...some("aws_vpc_endpoint", "endpoints", "network", (found) => ["Endpoints", services(found)]),
  ];
}

function edgesOf(network: NetworkModel, places: readonly Place[]): Edge[] {
  const { stack } = network;
  const has = (type: string) => stack.all(type).length > 0;
  const arrow = (from: string, to: string, ports: readonly number[]): Edge[] =>
    ports.length === 0 ? [] : [{ from, to, label: ports.join(", ") }];
  const isOpen = (place: Place, port: number) => network.fromInternet(place, port).ever;
  const incoming = places.flatMap((to) =>
    arrow(
      "gateway",
      idOf(to),
      to.ports.filter((port) => isOpen(to, port)).sort((a, b) => a - b),
    ),
  );
  // What everybody may reach is drawn from the internet alone.
  const between = places.flatMap((from) =>
    places.flatMap((to) =>
      from === to
        ? []
        : arrow(
            idOf(from),
            idOf(to),
            to.ports.filter((port) => !isOpen(to, port) && network.everReaches(from, to, port)),
          ),
    ),
  );
  const outgoing = has("aws_nat_gateway")
    ? places
        .filter((from) => !from.isPublic && network.toInternet(from, 443).ever)
        .map((from) => ({ from: idOf(from), to: "nat", label: "443", isUpwards: true }))
    : [];
  const hasPhotos = stack.all("aws_s3_bucket").some(({ address }) => address.includes("photos"));
  const isCopied = places.some((place) => idOf(place) === "replica");
  return [
    ...(has("aws_cloudfront_distribution")
      ? [
          { from: "internet", to: "cloudfront", label: "80, 443" },
          { from: "cloudfront", to: "load balancer", label: "80" },
        ]
      : [{ from: "internet", to: "gateway", label: "" }]),
    ...incoming,
    ...between,
    ...outgoing,
    ...(outgoing.length > 0 ? [{ from: "nat", to: "gateway", label: "", isUpwards: true }] : []),
    ...(isCopied ? [{ from: "database", to: "replica", label: "copies" }] : []),
    ...(has("aws_wafv2_web_acl")
      ? [
          {
            from: "waf",
            to: has("aws_cloudfront_distribution") ? "cloudfront" : "load balancer",
            label: "inspects",
          },
        ]
      : []),
    ...(has("aws_secretsmanager_secret") ? [{ from: "service", to: "secret", label: "reads" }] : []),
    ...(has("aws_dynamodb_table") ? [{ from: "service", to: "table", label: "" }] : []),
    ...(hasPhotos ? [{ from: "service", to: "buckets", label: "photos" }] : []),
  ];
}
