import { type Arguments, allReferenced, referenced, type Stack } from "./stack.ts";

const anywhere = "0.0.0.0/0";
/** Where answers go: what a stateless fence must let pass. */
const returnPorts: Range = [1024, 65_535];

type Range = readonly [from: number, to: number];

/** Something that has addresses: it stands in subnets, behind security groups. */
export interface Place {
  readonly name: string;
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  /** Whether it has an address of the internet's. */
  readonly isPublic: boolean;
}

/** All that is in a stack and has addresses, by what it is. */
export function placesOf(stack: Stack): Place[] {
  const place = (name: string, subnets: string[], groups: unknown, isPublic: boolean): Place => ({
    name,
    subnets,
    groups: allReferenced(groups),
    isPublic,
  });
  const subnetGroup = (name: unknown) => allReferenced(stack.at(referenced(name) ?? "")?.subnet_ids);
  return [
    ...stack
      .all("aws_lb")
      .map(([, it]) =>
        place("load balancer", allReferenced(it.subnets), it.security_groups, it.internal !== true),
      ),
    ...stack.all("aws_autoscaling_group").map(([, it]) => {
      const template = stack.at(referenced((it.launch_template as Arguments).id) ?? "");
      const subnets = allReferenced(it.vpc_zone_identifier);
      return place("service", subnets, template?.vpc_security_group_ids, givesPublicAddress(stack, subnets));
    }),
    ...stack
      .all("aws_db_instance")
      .filter(([, it]) => it.replicate_source_db === undefined)
      .map(([, it]) =>
        place(
          "database",
          subnetGroup(it.db_subnet_group_name),
          it.vpc_security_group_ids,
          it.publicly_accessible === true,
        ),
      ),
    ...stack.all("aws_instance").map(([, it]) => {
      const subnets = allReferenced([it.subnet_id]);
      const isPublic = it.associate_public_ip_address === true || givesPublicAddress(stack, subnets);
      return place("bastion", subnets, it.vpc_security_group_ids, isPublic);
    }),
    ...stack
      .all("aws_vpc_endpoint")
      .filter(([, it]) => it.vpc_endpoint_type === "Interface")
      .map(([, it]) =>
        place(
          `endpoint ${String(it.service_name).split(".").at(-1)}`,
          allReferenced(it.subnet_ids),
          it.security_group_ids,
          false,
        ),
      ),
  ];
}

function givesPublicAddress(stack: Stack, subnets: readonly string[]): boolean {
  return subnets.some((subnet) => stack.at(subnet)?.map_public_ip_on_launch === true);
}

/** Who can open a TCP connection to whom: security groups, network ACLs, routes and public addresses together. */
export class Reachability {
  private readonly stack: Stack;

  constructor(stack: Stack) {
    this.stack = stack;
  }

  /** Whether a connection can be opened from some (`ever`) or from every subnet of the one to those of the other. */
  reaches(from: Place, to: Place, port: number, how: "ever" | "always" = "ever"): boolean {
    if (!this.groupsLet(from, to, port)) return false;
    const pairs = from.subnets.flatMap((a) => to.subnets.map((b) => [a, b] as const));
    const passes = ([a, b]: readonly [string, string]) => a === b || this.aclsLet(a, b, port);
    return pairs.length > 0 && (how === "ever" ? pairs.some(passes) : pairs.every(passes));
  }

  /** Whether anybody on the internet can open a connection. */
  internetReaches(to: Place, port: number, how: "ever" | "always" = "ever"): boolean {
    if (!to.isPublic || !to.groups.some((group) => this.allows("ingress", group, port, { block: anywhere })))
      return false;
    const passes = (subnet: string) =>
      this.leadsOut(subnet) === "internet" &&
      this.aclLets(subnet, false, anywhere, [port, port]) &&
      this.aclLets(subnet, true, anywhere, returnPorts);
    return how === "ever" ? to.subnets.some(passes) : to.subnets.every(passes);
  }

  /** Whether it can open connections to any address of the internet. */
  reachesInternet(from: Place, port: number, how: "ever" | "always" = "ever"): boolean {
    if (!from.groups.some((group) => this.allows("egress", group, port, { block: anywhere }))) return false;
    const passes = (subnet: string) =>
      this.subnetReachesInternet(subnet, port) && (from.isPublic || this.leadsOut(subnet) !== "internet");
    return how === "ever" ? from.subnets.some(passes) : from.subnets.every(passes);
  }

  /** Whether a subnet has any way out of its VPC. */
  hasWayOut(subnet: string): boolean {
    return this.leadsOut(subnet) !== undefined;
  }

  private subnetReachesInternet(subnet: string, port: number): boolean {
    const out = this.leadsOut(subnet);
    const own =
      this.aclLets(subnet, true, anywhere, [port, port]) &&
      this.aclLets(subnet, false, anywhere, returnPorts);
    if (out === undefined || !own) return false;
    if (out === "internet") return true;
    // A NAT gateway passes on what comes from inside, by its own subnet's fence and way out.
    const nat = referenced(this.stack.at(out)?.subnet_id) ?? "";
    return (
      this.leadsOut(nat) === "internet" &&
      this.aclLets(nat, false, this.blockOf(subnet), [port, port]) &&
      this.aclLets(nat, true, anywhere, [port, port]) &&
      this.aclLets(nat, false, anywhere, returnPorts) &&
      this.aclLets(nat, true, this.blockOf(subnet), returnPorts)
    );
  }

  /** Where a subnet's default route leads: "internet", the address of a NAT gateway, or nowhere. */
  private leadsOut(subnet: string): string | undefined {
    const association = this.stack
      .all("aws_route_table_association")
      .find(([, it]) => referenced(it.subnet_id) === subnet)?.[1];
    const table = referenced(association?.route_table_id);
    const route = this.stack
      .all("aws_route")
      .find(
        ([, it]) => referenced(it.route_table_id) === table && it.destination_cidr_block === anywhere,
      )?.[1];
    if (table === undefined || route === undefined) return undefined;
    return referenced(route.gateway_id) === undefined ? referenced(route.nat_gateway_id) : "internet";
  }

  private groupsLet(from: Place, to: Place, port: number): boolean {
    const out = from.groups.some((group) =>
      to.groups.some((peer) =>
        to.subnets.some((subnet) =>
          this.allows("egress", group, port, { group: peer, block: this.blockOf(subnet) }),
        ),
      ),
    );
    const into = to.groups.some((group) =>
      from.groups.some((peer) =>
        from.subnets.some((subnet) =>
          this.allows("ingress", group, port, { group: peer, block: this.blockOf(subnet) }),
        ),
      ),
    );
    return out && into;
  }

  private allows(
    way: "ingress" | "egress",
    group: string,
    port: number,
    peer: { group?: string; block: string },
  ): boolean {
    return this.stack.all(`aws_vpc_security_group_${way}_rule`).some(([, rule]) => {
      if (referenced(rule.security_group_id) !== group) return false;
      const everything = String(rule.ip_protocol) === "-1";
      if (!everything && (port < Number(rule.from_port) || port > Number(rule.to_port))) return false;
      const isPeer = peer.group !== undefined && referenced(rule.referenced_security_group_id) === peer.group;
      return isPeer || (typeof rule.cidr_ipv4 === "string" && contains(rule.cidr_ipv4, peer.block));
    });
  }

  private aclsLet(from: string, to: string, port: number): boolean {
    return (
      this.aclLets(from, true, this.blockOf(to), [port, port]) &&
      this.aclLets(to, false, this.blockOf(from), [port, port]) &&
      this.aclLets(to, true, this.blockOf(from), returnPorts) &&
      this.aclLets(from, false, this.blockOf(to), returnPorts)
    );
  }

  /** A subnet without an ACL of its own has the VPC's, which lets everything pass. The first rule that fits decides. */
  private aclLets(subnet: string, egress: boolean, block: string, ports: Range): boolean {
    const acl = this.stack
      .all("aws_network_acl")
      .find(([, it]) => allReferenced(it.subnet_ids).includes(subnet))?.[0];
    if (acl === undefined) return true;
    const deciding = this.stack
      .all("aws_network_acl_rule")
      .map(([, rule]) => rule)
      .filter((rule) => referenced(rule.network_acl_id) === acl && rule.egress === egress)
      .filter((rule) => rule.protocol === "tcp" || rule.protocol === "-1")
      .sort((a, b) => Number(a.rule_number) - Number(b.rule_number))
      .find((rule) => {
        const whole = rule.protocol === "-1";
        const fits = whole || (Number(rule.from_port) <= ports[0] && ports[1] <= Number(rule.to_port));
        return fits && contains(String(rule.cidr_block), block);
      });
    return deciding?.rule_action === "allow";
  }

  private blockOf(subnet: string): string {
    return String(this.stack.at(subnet)?.cidr_block);
  }
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [parse(outer), parse(inner)];
  if (a === undefined || b === undefined || a.bits > b.bits) return false;
  const shift = 2 ** (32 - a.bits);
  return Math.floor(a.address / shift) === Math.floor(b.address / shift);
}

function parse(block: string): { address: number; bits: number } | undefined {
  const [address = "", bits] = block.split("/");
  const octets = address.split(".").map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255)) || bits === undefined)
    return undefined;
  return { address: octets.reduce((sum, octet) => sum * 256 + octet, 0), bits: Number(bits) };
}
