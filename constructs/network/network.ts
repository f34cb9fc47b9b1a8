import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group/index.js";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint/index.js";
import { Construct } from "constructs";
import type { NetworkSettings } from "../../config/environment.ts";
import type { Connectable } from "../connections.ts";
import { physicalName } from "../naming.ts";
import { InterfaceEndpoints } from "./interface-endpoints.ts";
import { NatGateways } from "./nat-gateways.ts";
import { SubnetTier } from "./subnet-tier.ts";

export interface NetworkProps extends NetworkSettings {
  readonly region: string;
}

/**
 * The VPC in three tiers over two or three zones: public (load balancer, NAT), app (instances; out, never
 * in) and data (the database; local only). Costs what its NAT gateways or interface endpoints cost.
 */
export class Network extends Construct {
  readonly vpc: Vpc;
  /** Reachable from the internet. */
  readonly publicTier: SubnetTier;
  /** Reaches out, is not reached. */
  readonly appTier: SubnetTier;
  /** Neither reaches out nor is reached from outside the VPC. */
  readonly dataTier: SubnetTier;
  private readonly endpoints: InterfaceEndpoints | undefined;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { cidrBlock = "10.0.0.0/16", zones = ["a", "b"], region, nat } = props;
    this.vpc = this.createVpc(cidrBlock);
    this.emptyDefaultSecurityGroup();

    const tier = (name: string, row: number, routeTables: "shared" | "per-zone") =>
      new SubnetTier(this, name, {
        vpc: this.vpc,
        region,
        routeTables,
        blocks: zones.map((zone, index) => ({
          zone,
          cidrBlock: slash24(cidrBlock, row * zones.length + index + 1),
        })),
      });
    this.publicTier = tier("public", 0, "shared");
    this.appTier = tier("app", 1, "per-zone");
    this.dataTier = tier("data", 2, "shared");

    this.createInternetGateway();
    this.createS3Endpoint(region);
    const { vpc, publicTier, appTier } = this;
    if (nat === "none")
      this.endpoints = new InterfaceEndpoints(this, "endpoints", { vpc, tier: appTier, region });
    else new NatGateways(this, "nat", { publicTier, appTier, count: nat === "single" ? 1 : zones.length });
  }

  /** Lets a tier reach AWS services, by whichever way out this network has. */
  allowOutFrom(peer: Connectable): void {
    if (this.endpoints) this.endpoints.connections.allowFrom(peer);
    else peer.connections.allowToAnywhere(443);
  }

  private createVpc(cidrBlock: string): Vpc {
    return new Vpc(this, "vpc", {
      cidrBlock,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: physicalName(this, "tag") },
    });
  }

  /** AWS's own default group lets its members talk to each other; taken over without rules it allows nothing. */
  private emptyDefaultSecurityGroup(): void {
    new DefaultSecurityGroup(this, "default-security-group", {
      vpcId: this.vpc.id,
      tags: { Name: physicalName(this, "tag", "default", "unused") },
    });
  }

  private createInternetGateway(): void {
    const gateway = new InternetGateway(this, "internet-gateway", {
      vpcId: this.vpc.id,
      tags: { Name: physicalName(this, "tag") },
    });
    this.publicTier.routeOut(0, { gatewayId: gateway.id });
  }

  /** Free, and keeps traffic to S3 off the NAT gateway, which charges by the gigabyte. */
  private createS3Endpoint(region: string): void {
    new VpcEndpoint(this, "s3-endpoint", {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: this.appTier.routeTables.map((table) => table.id),
      tags: { Name: physicalName(this, "tag", "s3") },
    });
  }
}

/** The /24 block number `index` of a /16. */
function slash24(cidrBlock: string, index: number): string {
  const [first, second] = cidrBlock.split(".");
  return `${first}.${second}.${index}.0/24`;
}
