import { type Block, blocks, isTrue, list, type Resource, type StackJson } from "../stack-json.ts";
import { nameOf } from "./security-groups.ts";

/** What part something plays. */
export type Role = "load balancer" | "service" | "database" | "host" | "endpoint" | "nat";

/** Something with an address in the VPC. */
export interface Place {
  readonly role: Role;
  readonly name: string;
  readonly resource: Resource;
  /** Where it may stand; those that the stack does not make itself are missing. */
  readonly subnets: readonly Resource[];
  /** Its security groups, by address. */
  readonly groups: readonly string[];
  /** The TCP ports it serves on. */
  readonly ports: readonly number[];
  /** Whether it has an address of the internet's. */
  readonly isPublic: boolean;
}

type Reader = (stack: StackJson, resource: Resource) => Omit<Place, "resource" | "name">;

/** How each type says where it stands. A type with an address that is missing here fails a sentence. */
const readers: Readonly<Record<string, Reader>> = {
  aws_lb: (stack, lb) => ({
    role: "load balancer",
    ...at(stack, [lb.block.subnets, lb.block.subnet_mapping], lb.block.security_groups),
    ports: stack
      .pointingTo(lb, "aws_lb_listener", "load_balancer_arn")
      .map(({ block }) => Number(block.port)),
    isPublic: !isTrue(lb.block.internal),
  }),
  aws_autoscaling_group: (stack, group) => {
    const template = stack.target(group.block.launch_template, "aws_launch_template")?.block ?? {};
    const interfaces = blocks(template.network_interfaces);
    const stands = at(stack, group.block.vpc_zone_identifier, [
      template.vpc_security_group_ids,
      interfaces.map((one) => one.security_groups),
    ]);
    const groups = stack.referred(
      [group.block.target_group_arns, group.block.traffic_source],
      "aws_lb_target_group",
    );
    return {
      role: "service",
      ...stands,
      ports: groups.map(({ block }) => Number(block.port)),
      isPublic:
        interfaces.some((one) => isTrue(one.associate_public_ip_address)) || givesAddresses(stands.subnets),
    };
  },
  aws_ecs_service: (stack, service) => {
    const [network] = blocks(service.block.network_configuration);
    return {
      role: "service",
      ...at(stack, network?.subnets, network?.security_groups),
      ports: blocks(service.block.load_balancer).map((one) => Number(one.container_port)),
      isPublic: isTrue(network?.assign_public_ip),
    };
  },
  aws_instance: (stack, { block }) => {
    const template = stack.target(block.launch_template, "aws_launch_template")?.block ?? {};
    const stands = at(stack, block.subnet_id, [
      block.vpc_security_group_ids,
      template.vpc_security_group_ids,
    ]);
    const own = block.associate_public_ip_address;
    return {
      role: "host",
      ...stands,
      ports: [],
      isPublic: own === undefined ? givesAddresses(stands.subnets) : isTrue(own),
    };
  },
  aws_db_instance: (stack, database) => {
    const source = stack.target(database.block.replicate_source_db, "aws_db_instance");
    const field = (name: string) => database.block[name] ?? source?.block[name];
    const group = stack.target(field("db_subnet_group_name"), "aws_db_subnet_group");
    return {
      role: "database",
      ...at(stack, group?.block.subnet_ids, field("vpc_security_group_ids")),
      ports: [Number(field("port") ?? 3306)],
      isPublic: isTrue(database.block.publicly_accessible),
    };
  },
  aws_vpc_endpoint: (stack, { block }) => ({
    role: "endpoint",
    ...at(stack, block.subnet_ids, block.security_group_ids),
    ports: block.vpc_endpoint_type === "Interface" ? [443] : [],
    isPublic: false,
  }),
  aws_nat_gateway: (stack, { block }) => ({
    role: "nat",
    ...at(stack, block.subnet_id, []),
    ports: [],
    isPublic: block.connectivity_type !== "private" && block.allocation_id !== undefined,
  }),
};

/** Fields by which a resource says that it stands in a subnet. */
const standing = [
  "subnet_id",
  "subnets",
  "subnet_ids",
  "subnet_mapping",
  "vpc_zone_identifier",
  "network_configuration",
  "vpc_config",
];
/** Types with such a field that have no address: they say something about subnets. */
const notStanding = [
  "aws_db_subnet_group",
  "aws_flow_log",
  "aws_network_acl",
  "aws_network_acl_association",
  "aws_route_table_association",
];

/** Everything of a stack that has an address in the VPC. */
export function placesOf(stack: StackJson): Place[] {
  return stack.resources.flatMap((resource) => {
    const read = readers[resource.type];
    return read === undefined ? [] : [{ resource, name: resource.name, ...read(stack, resource) }];
  });
}

/** Resources that seem to stand in a subnet and that `placesOf` cannot read. */
export function unreadPlaces(stack: StackJson): Resource[] {
  return stack.resources.filter(
    ({ type, block }) =>
      !(type in readers) && !notStanding.includes(type) && standing.some((field) => field in block),
  );
}

function at(stack: StackJson, subnets: unknown, groups: unknown) {
  const own = stack.referred(subnets, "aws_subnet").filter((subnet) => stack.resources.includes(subnet));
  return { subnets: own, groups: groupsIn(stack, groups) };
}

function groupsIn(stack: StackJson, value: unknown): string[] {
  // A replica may wear whatever its primary wears, by one expression for the whole list.
  return list(stack.literal(value)).flatMap((item) =>
    Array.isArray(item) ? groupsIn(stack, item) : item === undefined ? [] : [nameOf(stack, item)],
  );
}

function givesAddresses(subnets: readonly { readonly block: Block }[]): boolean {
  return subnets.some(({ block }) => isTrue(block.map_public_ip_on_launch));
}
