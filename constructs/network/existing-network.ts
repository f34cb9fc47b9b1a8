import { DataAwsRouteTable } from "@cdktf/provider-aws/lib/data-aws-route-table/index.js";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet/index.js";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc/index.js";
import { Construct } from "constructs";
import type { ExistingVpcSettings } from "../../config/settings/network.ts";
import type { Connectable } from "../connections.ts";
import type { NetworkPlace, Tier } from "./network-place.ts";

/** What a tier's default route must lead to. */
type WayOut = "internet gateway" | "other" | "none or other";

/**
 * A network that somebody else keeps: only looked up. Each plan checks what the stack relies on, before anything is
 * made: that the subnets are of that VPC, two zones per tier, and default routes as the tiers need them; the public
 * one leads to an internet gateway, so there is one. Free.
 */
export class ExistingNetwork extends Construct implements NetworkPlace {
  readonly vpc: DataAwsVpc;
  readonly publicTier: Tier;
  readonly appTier: Tier;
  readonly dataTier: Tier;

  constructor(scope: Construct, id: string, props: ExistingVpcSettings) {
    super(scope, id);
    this.vpc = new DataAwsVpc(this, "vpc", { id: props.vpcId });
    this.publicTier = this.tier("publicSubnetIds", props, "internet gateway");
    this.appTier = this.tier("appSubnetIds", props, "other");
    this.dataTier = this.tier("dataSubnetIds", props, "none or other");
  }

  /** Its way out is its owner's: NAT, or endpoints of any kind. */
  allowOutFrom(peer: Connectable): void {
    peer.connections.allowToAnywhere(443);
  }

  private tier(
    field: "publicSubnetIds" | "appSubnetIds" | "dataSubnetIds",
    props: ExistingVpcSettings,
    wayOut: WayOut,
  ): Tier {
    const name = field.replace("SubnetIds", "");
    const subnets = props[field].map((id, index) => this.findSubnet(`${name}-${index + 1}`, field, id));
    const zones = subnets.map((subnet) => `${subnet.fqn}.availability_zone`).join(", ");
    const routes = subnets.map(
      (subnet, index) =>
        new DataAwsRouteTable(this, `${name}-routes-${index + 1}`, {
          subnetId: subnet.id,
          lifecycle: {
            precondition: [
              {
                condition: `\${length(distinct([${zones}])) >= 2}`,
                errorMessage: `network.existingVpc.${field} must lie in two or more zones; add a subnet of another zone`,
              },
            ],
            postcondition: [wayOutCondition(field, props[field][index] ?? "", wayOut)],
          },
        }),
    );
    return { subnets, routes };
  }

  private findSubnet(name: string, field: string, id: string): DataAwsSubnet {
    return new DataAwsSubnet(this, name, {
      id,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.vpc_id == ${this.vpc.fqn}.id}`,
            errorMessage: `network.existingVpc.${field}: ${id} must be a subnet of network.existingVpc.vpcId; name another`,
          },
        ],
      },
    });
  }
}

/** The check of a subnet's default route, in the words of the field that names the subnet. */
function wayOutCondition(field: string, id: string, wayOut: WayOut) {
  const some = (test: string) =>
    `anytrue([for route in self.routes : route.cidr_block == "0.0.0.0/0" && ${test}])`;
  const toGateway = some('startswith(route.gateway_id, "igw-")');
  const toOther = some('!startswith(route.gateway_id, "igw-")');
  const [condition, asked] = {
    "internet gateway": [toGateway, "must have a default route to an internet gateway"],
    other: [`${toOther} && !${toGateway}`, "must have a default route, but not to the internet gateway"],
    "none or other": [`!${toGateway}`, "must not be routed to the internet gateway"],
  }[wayOut] as [string, string];
  return {
    condition: `\${${condition}}`,
    errorMessage: `network.existingVpc.${field}: ${id} ${asked}; change its route table or name another subnet`,
  };
}
