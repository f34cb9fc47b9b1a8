import { Route } from "@cdktf/provider-aws/lib/route/index.js";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table/index.js";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association/index.js";
import { Subnet } from "@cdktf/provider-aws/lib/subnet/index.js";
import type { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { Construct } from "constructs";
import { physicalName } from "../naming.ts";

export interface SubnetTierProps {
  readonly vpc: Vpc;
  readonly region: string;
  /** Zone letter and IPv4 block of each subnet. */
  readonly blocks: readonly { readonly zone: string; readonly cidrBlock: string }[];
  /** Whether each zone has its own route table, because its way out differs. */
  readonly routeTables: "shared" | "per-zone";
}

/** One row of the architecture diagram: a subnet per zone, and who routes them. Free. */
export class SubnetTier extends Construct {
  /** One per zone, in the order of the zones. */
  readonly subnets: readonly Subnet[];
  /** One, or one per zone in the order of the zones. */
  readonly routeTables: readonly RouteTable[];
  /** Everything that leads out of the tier: what needs the way out waits for them. */
  readonly routes: Route[] = [];

  constructor(scope: Construct, id: string, props: SubnetTierProps) {
    super(scope, id);
    this.subnets = props.blocks.map(({ zone, cidrBlock }) => this.createSubnet(props, zone, cidrBlock));
    const tables = props.routeTables === "shared" ? [""] : props.blocks.map(({ zone }) => `-${zone}`);
    this.routeTables = tables.map((suffix) => this.createRouteTable(props.vpc, suffix));
    props.blocks.forEach(({ zone }, index) => {
      this.associate(zone, index);
    });
  }

  /** The table that routes the subnet of zone number `index`. */
  routeTableOf(index: number): RouteTable {
    return at(this.routeTables, this.routeTables.length === 1 ? 0 : index);
  }

  /** Sends everything that is not local to `target`, from the table of zone number `index`. */
  routeOut(index: number, target: { readonly gatewayId: string } | { readonly natGatewayId: string }): void {
    const suffix = this.routeTables.length === 1 ? "" : `-${index + 1}`;
    this.routes.push(
      new Route(this, `way-out${suffix}`, {
        routeTableId: this.routeTableOf(index).id,
        destinationCidrBlock: "0.0.0.0/0",
        ...target,
      }),
    );
  }

  private createSubnet({ vpc, region }: SubnetTierProps, zone: string, cidrBlock: string): Subnet {
    return new Subnet(this, `subnet-${zone}`, {
      vpcId: vpc.id,
      availabilityZone: `${region}${zone}`,
      cidrBlock,
      mapPublicIpOnLaunch: false,
      tags: { Name: physicalName(this, "tag", this.node.id, zone) },
    });
  }

  private createRouteTable(vpc: Vpc, suffix: string): RouteTable {
    return new RouteTable(this, `route-table${suffix}`, {
      vpcId: vpc.id,
      tags: { Name: `${physicalName(this, "tag", this.node.id)}${suffix}` },
    });
  }

  private associate(zone: string, index: number): void {
    new RouteTableAssociation(this, `association-${zone}`, {
      subnetId: at(this.subnets, index).id,
      routeTableId: this.routeTableOf(index).id,
    });
  }
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no zone number ${index + 1}: there are ${list.length}`);
  return item;
}
