import { Eip } from "@cdktf/provider-aws/lib/eip/index.js";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway/index.js";
import { Construct } from "constructs";
import { physicalName } from "../naming.ts";
import type { SubnetTier } from "./subnet-tier.ts";

export interface NatGatewaysProps {
  /** Where the gateways stand. */
  readonly publicTier: SubnetTier;
  /** Whose way out they are. */
  readonly appTier: SubnetTier;
  /** How many: one for all zones, or one for each. */
  readonly count: number;
}

/** The app tier's way to the internet, outbound only. About $37 a month per gateway, plus $0.045 per GB. */
export class NatGateways extends Construct {
  constructor(scope: Construct, id: string, { publicTier, appTier, count }: NatGatewaysProps) {
    super(scope, id);
    const gateways = publicTier.subnets
      .slice(0, count)
      .map((subnet, index) => this.createGateway(publicTier, subnet.id, index));
    appTier.subnets.forEach((_, index) => {
      const gateway = gateways[index] ?? gateways[0];
      if (gateway) appTier.routeOut(index, { natGatewayId: gateway.id });
    });
  }

  private createGateway(publicTier: SubnetTier, subnetId: string, index: number): NatGateway {
    const name = physicalName(this, "tag", "nat", String(index + 1));
    const address = new Eip(this, `address-${index + 1}`, { domain: "vpc", tags: { Name: name } });
    return new NatGateway(this, `gateway-${index + 1}`, {
      subnetId,
      allocationId: address.id,
      tags: { Name: name },
      dependsOn: publicTier.routes,
    });
  }
}
