/** Address space, zones and the way out: a network of its own, or one that is there. */
export type NetworkSettings = NewNetworkSettings | ExistingNetworkSettings;

/** A VPC of its own. */
export interface NewNetworkSettings {
  /**
   * IPv4 block of the VPC, a private /16. Its /24 blocks .1 and up become the public, app and data subnets.
   * @default "10.0.0.0/16"
   */
  readonly cidrBlock?: string;
  /**
   * Letters of the availability zones. Load balancer and database each need two.
   * @default ["a", "b"]
   */
  readonly zones?: readonly [string, string] | readonly [string, string, string];
  /**
   * How instances reach AWS services:
   * `single`: one NAT gateway, about $37; if its zone fails, so does the way out.
   * `per-zone`: one in each zone, about $37 each.
   * `none`: no internet at all; interface endpoints for the AWS services in use, about $7 per service and zone.
   */
  readonly nat: "single" | "per-zone" | "none";
  /**
   * `3`: load balancer, app and data each have subnets of their own, and the data tier has no way out.
   * `2`: app and data share the private subnets, and the database's way out with them.
   * @default 3
   */
  readonly tiers?: 2 | 3;
  /**
   * A second, stateless fence around each tier of subnets, beside the security groups. Free.
   * @default false
   */
  readonly networkAcls?: boolean;
  /** Who talked to whom, kept in CloudWatch. About $0.50 per GB taken in. */
  readonly flowLogs?: FlowLogSettings;
  readonly existingVpc?: never;
}

/** A VPC that somebody else keeps. */
export interface ExistingNetworkSettings {
  /**
   * Where to build, in a network that is there. Each plan checks it before anything is made: subnets of that VPC, two
   * zones per tier, and the routes that the tiers need. Nothing else of `network` goes with it.
   */
  readonly existingVpc: ExistingVpcSettings;
}

/** The ids of what is there. */
export interface ExistingVpcSettings {
  /** For example `vpc-0123456789abcdef0`. */
  readonly vpcId: string;
  /** Where the load balancer goes: two or more, in different zones, routed to an internet gateway. */
  readonly publicSubnetIds: readonly string[];
  /** Where the app goes: two or more, in different zones, with a way out that is not the internet gateway. */
  readonly appSubnetIds: readonly string[];
  /** Where the database goes: two or more, in different zones, not routed to the internet gateway. */
  readonly dataSubnetIds: readonly string[];
}

/** Records of the VPC's traffic. */
export interface FlowLogSettings {
  /** Days a record is kept: one of CloudWatch's own steps. */
  readonly retentionDays: number;
}
