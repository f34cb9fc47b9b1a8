import { isTrue, type Resource, type StackJson } from "../stack-json.ts";
import {
  formatAddress,
  type Ipv4Block,
  internetRepresentatives,
  parseBlock,
  representatives,
} from "./ipv4.ts";
import { aclOf, type NetworkAcl, passes } from "./network-acls.ts";
import { type Place, placesOf, type Role } from "./places.ts";
import { routeTableOf, routeTo } from "./routes.ts";
import { coversPort, means, type SecurityRule, securityRules } from "./security-groups.ts";

/** First and last port that an answer may come back to: all that clients, load balancers and NAT gateways draw from. */
const RETURN_PORTS = [1024, 65535] as const;

/**
 * Who reaches whom, computed from a stack's JSON alone, for TCP over IPv4.
 *
 * Every question has two readings. "Always": from wherever the one may stand to wherever the other may, or why not.
 * "Ever": from anywhere to anywhere. What should work is proved by the first, what must not by the second. Subnets that
 * the stack does not make (an existing VPC) are taken to route as they should and to filter nothing: there, the
 * security groups alone decide.
 */
export class NetworkModel {
  readonly stack: StackJson;
  readonly places: readonly Place[];
  readonly rules: readonly SecurityRule[];
  private readonly acls: ReadonlyMap<Resource, NetworkAcl>;
  private readonly ruleBlocks: readonly Ipv4Block[];

  constructor(stack: StackJson) {
    this.stack = stack;
    this.places = placesOf(stack);
    this.rules = securityRules(stack);
    this.acls = new Map(stack.all("aws_subnet").map((subnet) => [subnet, aclOf(stack, subnet)]));
    this.ruleBlocks = [
      ...this.rules.flatMap(({ peer }) => (peer.kind === "block" ? [peer.block] : [])),
      ...[...this.acls.values()].flatMap((acl) => acl.rules.map(({ block }) => block)),
    ];
  }

  /** Everything that plays a part. */
  every(...roles: readonly Role[]): Place[] {
    return this.places.filter(({ role }) => roles.includes(role));
  }

  /** Every port at which some rule begins or ends, and so one on either side: what holds for these holds for all. */
  get edgePorts(): number[] {
    const edges = this.rules.flatMap(({ fromPort, toPort }) => [fromPort, toPort, toPort + 1]);
    return [...new Set([0, ...edges])].filter((port) => port <= 65535).sort((a, b) => a - b);
  }

  /** What keeps `from` from always reaching `to` at a port; empty if nothing does. */
  obstacles(from: Place, to: Place, port: number): string[] {
    return this.paths(from, to, port).flat();
  }

  /** Whether `from` can ever reach `to` at a port. */
  everReaches(from: Place, to: Place, port: number): boolean {
    return this.paths(from, to, port).some((path) => path.length === 0);
  }

  /** What keeps addresses of the internet from reaching a place at a port; `ever` if any address can. */
  fromInternet(to: Place, port: number): { readonly obstacles: readonly string[]; readonly ever: boolean } {
    const paths = this.subnetsOf(to).flatMap((subnet) =>
      internetRepresentatives(this.ruleBlocks).map((address) => this.inboundPath(to, subnet, address, port)),
    );
    return summary(paths);
  }

  /** The same for connections that a place opens to the internet, by its own public address or a NAT gateway's. */
  toInternet(from: Place, port: number): { readonly obstacles: readonly string[]; readonly ever: boolean } {
    const paths = this.subnetsOf(from).flatMap((subnet) =>
      internetRepresentatives(this.ruleBlocks).map((address) =>
        this.outboundPath(from, subnet, address, port),
      ),
    );
    return summary(paths);
  }

  /**
   * What keeps a place from an AWS service, for example `secretsmanager`. An interface endpoint takes its service's
   * name over in the whole VPC, so where there is one no other way counts; then a gateway endpoint; then the internet.
   */
  toService(from: Place, service: string): readonly string[] {
    const endpoints = this.stack
      .all("aws_vpc_endpoint")
      .filter(({ block }) => String(block.service_name).endsWith(`.${service}`));
    const named = endpoints.find(({ block }) => isTrue(block.private_dns_enabled));
    const place = this.places.find(({ resource }) => resource === named);
    if (place !== undefined) return this.obstacles(from, place, 443);
    const gateway = endpoints.find(({ block }) => block.vpc_endpoint_type === "Gateway");
    const routed = this.subnetsOf(from).every((subnet) => {
      const table = subnet && routeTableOf(this.stack, subnet);
      return table !== undefined && this.stack.referred(gateway?.block.route_table_ids).includes(table);
    });
    if (gateway !== undefined && routed && this.allowsOutToList(from, gateway)) return [];
    return this.toInternet(from, 443).obstacles;
  }

  private allowsOutToList(from: Place, gateway: Resource): boolean {
    return this.rules.some(
      ({ way, group, peer, ...rule }) =>
        way === "out" &&
        from.groups.includes(group) &&
        coversPort({ way, group, peer, ...rule }, 443) &&
        ((peer.kind === "prefix-list" && peer.name === this.stack.literal(gateway.block.service_name)) ||
          (peer.kind === "block" && peer.block.first === 0 && peer.block.last === 2 ** 32 - 1)),
    );
  }

  /** One list of obstacles for each pair of subnets and each kind of address in them. */
  private paths(from: Place, to: Place, port: number): string[][] {
    return this.subnetsOf(from).flatMap((source) =>
      this.subnetsOf(to).flatMap((target) =>
        this.addressesOf(source).flatMap((sender) =>
          this.addressesOf(target).map((receiver) => [
            ...this.refusals(from, "out", receiver, to.groups, port, to.name),
            ...this.refusals(to, "in", sender, from.groups, port, from.name),
            ...(source === target && source !== undefined
              ? [] // A network ACL stands at the edge of its subnet, not within it.
              : [
                  ...this.filtered(source, "out", receiver, "in", port),
                  ...this.filtered(target, "in", sender, "out", port),
                ]),
          ]),
        ),
      ),
    );
  }

  private inboundPath(to: Place, subnet: Resource | undefined, address: number, port: number): string[] {
    const route = subnet && routeTo(this.stack, subnet, address);
    return [
      ...(to.isPublic ? [] : [`${to.name} has no public address`]),
      ...(subnet === undefined || route?.kind === "internet-gateway"
        ? []
        : [`${subnet.name} does not route to an internet gateway`]),
      ...this.refusals(to, "in", address, [], port, formatAddress(address)),
      ...this.filtered(subnet, "in", address, "out", port),
    ];
  }

  private outboundPath(from: Place, subnet: Resource | undefined, address: number, port: number): string[] {
    const route = subnet && routeTo(this.stack, subnet, address);
    const here = [
      ...this.refusals(from, "out", address, [], port, formatAddress(address)),
      ...this.filtered(subnet, "out", address, "in", port),
    ];
    if (subnet === undefined) return here;
    if (route?.kind === "internet-gateway")
      return from.isPublic ? here : [...here, `${from.name} has no public address`];
    if (route?.kind !== "nat") return [...here, `${subnet.name} has no route to the internet`];
    const nat = this.places.find(({ resource }) => resource === route.gateway);
    return [...here, ...this.throughNat(nat, subnet, address, port)];
  }

  /** Whether a NAT gateway passes a connection on, and the answer back. */
  private throughNat(nat: Place | undefined, from: Resource, address: number, port: number): string[] {
    const [stands] = nat?.subnets ?? [];
    if (nat === undefined || stands === undefined) return [];
    const route = routeTo(this.stack, stands, address);
    const inside = this.addressesOf(from).flatMap((sender) =>
      this.filtered(stands, "in", sender, "out", port),
    );
    return [
      ...(nat.isPublic ? [] : [`${nat.name} has no public address`]),
      ...(route?.kind === "internet-gateway"
        ? []
        : [`${stands.name}, where ${nat.name} stands, does not route to an internet gateway`]),
      ...inside,
      ...this.filtered(stands, "out", address, "in", port),
    ];
  }

  /** Security groups are stateful: the way there is all they decide. NAT gateways have none, and take nothing in. */
  private refusals(
    place: Place,
    way: "in" | "out",
    address: number | undefined,
    groups: readonly string[],
    port: number,
    other: string,
  ): string[] {
    if (place.role === "nat") return way === "out" ? [] : [`${place.name} takes no connection`];
    const allowed = this.rules.some(
      (rule) =>
        rule.way === way &&
        place.groups.includes(rule.group) &&
        coversPort(rule, port) &&
        (address === undefined
          ? rule.peer.kind === "group" && groups.includes(rule.peer.group)
          : means(rule, address, groups)),
    );
    const preposition = way === "in" ? "from" : "to";
    return allowed ? [] : [`${place.name} allows nothing ${way} at ${port} ${preposition} ${other}`];
  }

  /** Network ACLs are stateless: the way there and the answer, each by a rule of its own. */
  private filtered(
    subnet: Resource | undefined,
    way: "in" | "out",
    address: number | undefined,
    back: "in" | "out",
    port: number,
  ): string[] {
    const acl = subnet && this.acls.get(subnet);
    if (acl === undefined || address === undefined) return [];
    const edges = acl.rules.flatMap(({ fromPort, toPort }) => [fromPort, toPort + 1]);
    const returns = [
      ...RETURN_PORTS,
      ...edges.filter((edge) => edge > RETURN_PORTS[0] && edge < RETURN_PORTS[1]),
    ];
    const far = formatAddress(address);
    return [
      ...(passes(acl, way, address, port)
        ? []
        : [`${acl.name} lets nothing ${way} at ${port}, far end ${far}`]),
      ...(returns.every((edge) => passes(acl, back, address, edge))
        ? []
        : [`${acl.name} lets no answer ${back} at ports 1024 to 65535, far end ${far}`]),
    ];
  }

  private subnetsOf(place: Place): readonly (Resource | undefined)[] {
    return place.subnets.length === 0 ? [undefined] : place.subnets;
  }

  private addressesOf(subnet: Resource | undefined): readonly (number | undefined)[] {
    const block = parseBlock(this.stack.literal(subnet?.block.cidr_block));
    return block === undefined ? [undefined] : representatives(block, this.ruleBlocks);
  }
}

function summary(paths: readonly string[][]) {
  return { obstacles: [...new Set(paths.flat())], ever: paths.some((path) => path.length === 0) };
}
