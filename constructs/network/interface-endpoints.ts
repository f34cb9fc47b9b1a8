import type { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint/index.js";
import { Construct } from "constructs";
import { type Connectable, Connections } from "../connections.ts";
import { physicalName } from "../naming.ts";
import type { SubnetTier } from "./subnet-tier.ts";

export interface InterfaceEndpointsProps {
  readonly vpc: Vpc;
  /** Where the endpoints stand: beside those who use them. */
  readonly tier: SubnetTier;
  readonly region: string;
  /** Further services, by AWS's names, beside those that every app talks to. */
  readonly services: readonly string[];
}

/** What every app talks to: its log, its readings, its secret, Session Manager. */
const common = ["logs", "monitoring", "secretsmanager", "ssm", "ssmmessages"];

/** The app tier's way to AWS services where there is no internet. About $7 a month per service and zone. */
export class InterfaceEndpoints extends Construct implements Connectable {
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    this.connections = new Connections(this, "connections", { vpc: props.vpc, port: 443 });
    for (const service of [...common, ...props.services]) this.createEndpoint(props, service);
  }

  private createEndpoint({ vpc, tier, region }: InterfaceEndpointsProps, service: string): void {
    new VpcEndpoint(this, service, {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: tier.subnets.map((subnet) => subnet.id),
      securityGroupIds: [this.connections.securityGroup.id],
      tags: { Name: physicalName(this, "tag", service) },
    });
  }
}
