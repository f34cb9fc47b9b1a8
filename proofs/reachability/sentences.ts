import { blocks, isTrue, list, type Resource, strings } from "../stack-json.ts";
import { prefixLength } from "./ipv4.ts";
import type { NetworkModel } from "./network.ts";
import { type Place, unreadPlaces } from "./places.ts";
import { routeTableOf, routeTo } from "./routes.ts";
import { coversPort, type SecurityRule } from "./security-groups.ts";

/** A sentence about a network that must be true: what speaks against it, empty if nothing does. */
export type Sentence = (network: NetworkModel) => readonly string[];

/** Longest list of addresses, as a prefix, that is still a list of somebody's own and not anyone. */
const SOMEBODY = 16;
const SSH = 22;

/** What must be true of every stack, whatever its options. */
export const sentences: Readonly<Record<string, Sentence>> = {
  "whoever should reach the load balancer does": (network) =>
    network
      .every("load balancer")
      .filter(({ isPublic }) => isPublic)
      .flatMap((balancer) =>
        balancer.ports.flatMap((port) =>
          inFrontOf(network, balancer, port) ? [] : network.fromInternet(balancer, port).obstacles,
        ),
      ),
  "the internet reaches the load balancer on the ports of its listeners and nothing else": (network) =>
    network.places.flatMap((place) =>
      network.edgePorts
        .filter((port) => network.fromInternet(place, port).ever)
        .filter((port) => !(place.role === "load balancer" && place.ports.includes(port)))
        .filter((port) => !(place.role === "host" && port === SSH))
        .map((port) => `the internet reaches ${place.name} on ${port}`),
    ),
  "anyone is let in by the load balancer's security group alone, on 80 and 443": (network) => {
    const doors = network.every("load balancer").flatMap(({ groups }) => groups);
    return incoming(network)
      .filter(isForAnyone)
      .filter(
        ({ group, fromPort, toPort }) =>
          !doors.includes(group) || fromPort !== toPort || ![80, 443].includes(fromPort),
      )
      .map(({ source }) => `${source.name} lets anyone in`);
  },
  "nothing listens on 22 from anywhere": (network) =>
    incoming(network)
      .filter((rule) => coversPort(rule, SSH) && isForAnyone(rule))
      .map(({ source }) => `${source.name} opens port 22 to anyone`),
  "the load balancer reaches the service on its port": (network) =>
    pairs(network.every("load balancer"), network.every("service")).flatMap(([balancer, service]) =>
      service.ports.flatMap((port) => network.obstacles(balancer, service, port)),
    ),
  "only the load balancer reaches the service, and on its port alone": (network) =>
    pairs(network.places, network.every("service")).flatMap(([place, service]) =>
      reachedPorts(network, place, service)
        .filter((port) => !(place.role === "load balancer" && service.ports.includes(port)))
        .map((port) => `${place.name} reaches ${service.name} on ${port}`),
    ),
  "the service reaches the database on its port": (network) =>
    pairs(network.every("service"), network.every("database")).flatMap(([service, database]) =>
      database.ports.flatMap((port) => network.obstacles(service, database, port)),
    ),
  "only the service and a bastion reach the database, and on its port alone": (network) =>
    pairs(network.places, network.every("database")).flatMap(([place, database]) =>
      reachedPorts(network, place, database)
        .filter((port) => !(["service", "host"].includes(place.role) && database.ports.includes(port)))
        .map((port) => `${place.name} reaches ${database.name} on ${port}`),
    ),
  "the database opens no connection": (network) =>
    outgoing(network, network.every("database")).map(({ source }) => `${source.name} lets the database out`),
  "subnets where nothing but databases stands have no way out": (network) =>
    network.every("database").flatMap(({ subnets }) =>
      subnets
        .filter((subnet) =>
          network.places.every(
            ({ role, subnets: others }) => role === "database" || !others.includes(subnet),
          ),
        )
        .filter((subnet) => routeTo(network.stack, subnet, 0x08080808) !== undefined)
        .map((subnet) => `${subnet.name} has a route to the internet`),
    ),
  "services and databases have no public address": (network) =>
    network
      .every("service", "database")
      .filter(({ isPublic }) => isPublic)
      .map(({ name }) => `${name} has a public address`),
  "no subnet gives public addresses by itself unless a bastion stands in it": (network) =>
    network.stack
      .all("aws_subnet")
      .filter(({ block }) => isTrue(block.map_public_ip_on_launch))
      .filter((subnet) => !network.every("host").some(({ subnets }) => subnets.includes(subnet)))
      .map(({ name }) => `${name} gives public addresses`),
  "an instance reaches every AWS service that its role may use": (network) =>
    network
      .every("service")
      .flatMap((service) =>
        servicesOf(network, service).flatMap((name) =>
          network
            .toService(service, name)
            .map((obstacle) => `${service.name} does not always reach ${name}: ${obstacle}`),
        ),
      ),
  "the service opens connections on 443 and to the database only": (network) => {
    const databases = network.every("database").flatMap(({ groups }) => groups);
    return outgoing(network, network.every("service"))
      .filter(
        ({ fromPort, toPort, peer }) =>
          fromPort !== toPort ||
          !(fromPort === 443 || (peer.kind === "group" && databases.includes(peer.group))),
      )
      .map(({ source }) => `${source.name} lets the service out`);
  },
  "the load balancer opens connections to the service only": (network) => {
    const services = network.every("service").flatMap(({ groups }) => groups);
    return outgoing(network, network.every("load balancer"))
      .filter(({ peer }) => peer.kind !== "group" || !services.includes(peer.group))
      .map(({ source }) => `${source.name} lets the load balancer out`);
  },
  "each NAT gateway reaches the internet": (network) =>
    network.every("nat").flatMap((nat) => network.toInternet(nat, 443).obstacles),
  "with a NAT gateway in each zone an instance goes out through its own zone's": (network) => {
    const nats = network.every("nat");
    const zones = (place: Place) => place.subnets.map(({ block }) => block.availability_zone);
    return network.every("service").flatMap(({ subnets }) =>
      nats.length < subnets.length
        ? []
        : subnets.flatMap((subnet) => {
            const route = routeTo(network.stack, subnet, 0x08080808);
            const nat = nats.find(({ resource }) => route?.kind === "nat" && resource === route.gateway);
            return nat === undefined || zones(nat).includes(subnet.block.availability_zone)
              ? []
              : [`${subnet.name} goes out through ${nat.name}`];
          }),
    );
  },
  "every subnet has a route table of its own choice": (network) =>
    network.stack
      .all("aws_subnet")
      .filter((subnet) => routeTableOf(network.stack, subnet) === undefined)
      .map(({ name }) => `${name} is associated with no route table`),
  "the load balancer and the database stand in two zones": (network) =>
    network.every("load balancer", "database").flatMap(({ name, subnets }) => {
      const zones = new Set(subnets.map(({ block }) => block.availability_zone));
      return subnets.length > 0 && zones.size < 2 ? [`${name} stands in one zone`] : [];
    }),
  "everything that serves has a security group, and the VPC's default group allows nothing": (network) => [
    ...network.places
      .filter(({ role, ports, groups }) => role !== "nat" && ports.length > 0 && groups.length === 0)
      .map(({ name }) => `${name} has no security group of its own`),
    ...network.rules
      .filter(({ group }) => group.startsWith("aws_default_security_group."))
      .map(({ source }) => `${source.name} allows something`),
  ],
  "every rule is a resource of its own and names one port": (network) =>
    network.rules
      .filter(({ inline, fromPort, toPort }) => inline || fromPort !== toPort)
      .map(({ source }) => `${source.name} is inline, or opens more than one port`),
  "between groups every permission is given at both ends": (network) =>
    network.rules.flatMap((rule) => {
      const { peer } = rule;
      // A group that is not the stack's own, as CloudFront's, has rules of its own.
      if (peer.kind !== "group" || !peer.group.startsWith("aws_security_group.")) return [];
      const answered = network.rules.some(
        (other) =>
          other.way !== rule.way &&
          other.group === peer.group &&
          coversPort(other, rule.fromPort) &&
          (other.peer.kind !== "group" || other.peer.group === rule.group),
      );
      return answered ? [] : [`${rule.source.name} has no rule at its other end`];
    }),
  "nothing speaks IPv6": (network) => [
    ...network.rules
      .filter(({ peer }) => peer.kind === "ipv6")
      .map(({ source }) => `${source.name} names IPv6`),
    ...network.stack
      .all("aws_vpc", "aws_subnet")
      .filter(
        ({ block }) => isTrue(block.assign_generated_ipv6_cidr_block) || block.ipv6_cidr_block !== undefined,
      )
      .map(({ name }) => `${name} has IPv6`),
  ],
  "everything that stands in a subnet is known to the proof": ({ stack }) =>
    unreadPlaces(stack).map(
      ({ name, type }) => `${name} (${type}) stands in a subnet, and the proof cannot read it`,
    ),
};

/** CloudFront in front: then its own addresses must be let in, and nobody else's need be. */
function inFrontOf({ rules }: NetworkModel, { groups }: Place, port: number): boolean {
  return rules.some(
    ({ way, group, peer, ...rule }) =>
      way === "in" &&
      groups.includes(group) &&
      coversPort({ way, group, peer, ...rule }, port) &&
      peer.kind === "prefix-list" &&
      peer.name.endsWith("cloudfront.origin-facing"),
  );
}

/** Whether a rule means more addresses than somebody can call their own. */
function isForAnyone({ peer }: SecurityRule): boolean {
  return (
    peer.kind === "ipv6" ||
    (peer.kind === "block" && prefixLength(peer.block) < SOMEBODY && peer.block.first !== 0x0a000000)
  );
}

function incoming({ rules }: NetworkModel): SecurityRule[] {
  return rules.filter(({ way }) => way === "in");
}

function outgoing({ rules }: NetworkModel, places: readonly Place[]): SecurityRule[] {
  const groups = places.flatMap((place) => place.groups);
  return rules.filter(({ way, group }) => way === "out" && groups.includes(group));
}

function pairs(from: readonly Place[], to: readonly Place[]): [Place, Place][] {
  return from.flatMap((one) =>
    to.filter((other) => other !== one).map((other): [Place, Place] => [one, other]),
  );
}

function reachedPorts(network: NetworkModel, from: Place, to: Place): number[] {
  return network.edgePorts.filter((port) => network.everReaches(from, to, port));
}

/** Names of services, as endpoints have them, whose actions the policies of a place's role name. */
function servicesOf({ stack }: NetworkModel, { resource }: Place): string[] {
  const template = stack.target(resource.block.launch_template, "aws_launch_template");
  const profile = stack.target(template?.block.iam_instance_profile, "aws_iam_instance_profile");
  const task = stack.target(resource.block.task_definition, "aws_ecs_task_definition");
  const roles: Resource[] = stack.referred([profile?.block, task?.block], "aws_iam_role");
  const policies = roles.flatMap((role) => stack.pointingTo(role, "aws_iam_role_policy", "role"));
  const actions = policies.flatMap(({ block }) => actionsIn(block.policy));
  const prefixes = new Set(actions.map((action) => action.split(":")[0] ?? ""));
  const endpoints: Record<string, readonly string[]> = {
    ecr: ["ecr.api", "ecr.dkr", "s3"],
    cloudwatch: ["monitoring"],
    "rds-db": [],
    iam: [],
  };
  return [...new Set([...prefixes].flatMap((prefix) => endpoints[prefix] ?? [prefix]))];
}

function actionsIn(policy: unknown): string[] {
  try {
    return blocks(JSON.parse(String(policy)).Statement).flatMap(({ Action }) =>
      list(Action).flatMap(strings),
    );
  } catch {
    return [];
  }
}
