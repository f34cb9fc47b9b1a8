import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group/index.js";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint/index.js";
import { Construct } from "constructs";
import type { NewNetworkSettings } from "../../config/settings/network.ts";
import type { Connectable } from "../connections.ts";
import { physicalName } from "../naming.ts";
import { FlowLog } from "./flow-log.ts";
import { InterfaceEndpoints } from "./interface-endpoints.ts";
import { NatGateways } from "./nat-gateways.ts";
import { type Flow, NetworkAcl } from "./network-acl.ts";
import type { NetworkPlace } from "./network-place.ts";
import { SubnetTier } from "./subnet-tier.ts";

export interface NetworkProps extends NewNetworkSettings {
  readonly region: string;
  /** What the app talks to beside the common AWS services: endpoints for them where there is no NAT. @default none */
  readonly services?: readonly string[];
  /** Whether the load balancer stands in the app tier, and reaches the app from there. @default false */
  readonly internalLoadBalancer?: boolean;
}

/**
 * The VPC in tiers over two or three zones: public (load balancer, NAT), app (instances; out, never in) and data (the
 * database; local only), or app and data as one. Costs what its NAT gateways or interface endpoints cost.
 */
export class Network extends Construct implements NetworkPlace {
  readonly vpc: Vpc;
  /** Reachable from the internet. */
  readonly publicTier: SubnetTier;
  /** Reaches out, is not reached. */
  readonly appTier: SubnetTier;
  /** Neither reaches out nor is reached from outside the VPC; with two tiers it is the app's. */
  readonly dataTier: SubnetTier;
  private readonly endpoints: InterfaceEndpoints | undefined;
  /** Reached by their addresses, which are the internet's: where nothing else is open they are let through by name. */
  private readonly gateways: readonly { readonly service: string; readonly endpoint: VpcEndpoint }[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { cidrBlock = "10.0.0.0/16", zones = ["a", "b"], tiers = 3, region, nat } = props;
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
    this.dataTier = tiers === 2 ? this.appTier : tier("data", 2, "shared");

    this.createInternetGateway();
    this.gateways = ["s3", "dynamodb"].map((service) => ({
      service,
      endpoint: this.createGatewayEndpoint(region, service),
    }));
    const { vpc, publicTier, appTier } = this;
    if (nat === "none") {
      const { services = [] } = props;
      this.endpoints = new InterfaceEndpoints(this, "endpoints", { vpc, tier: appTier, region, services });
    } else new NatGateways(this, "nat", { publicTier, appTier, count: nat === "single" ? 1 : zones.length });
    if (props.networkAcls) this.fence(cidrBlock, props.internalLoadBalancer);
    if (props.flowLogs) new FlowLog(this, "flow-log", { vpc, ...props.flowLogs });
  }

  /** Lets a tier reach AWS services, by whichever way out this network has. */
  allowOutFrom(peer: Connectable): void {
    if (this.endpoints === undefined) {
      peer.connections.allowToAnywhere(443);
      return;
    }
    this.endpoints.connections.allowFrom(peer);
    for (const { service, endpoint } of this.gateways) {
      peer.connections.allowToPrefixList(service, endpoint.prefixListId, 443);
    }
  }

  /** Each tier takes in from the one before it and opens connections to the one behind it, and to AWS. */
  private fence(cidrBlock: string, internalLoadBalancer = false): void {
    const { vpc, publicTier, appTier, dataTier } = this;
    const anywhere = "0.0.0.0/0";
    const fromVpc = { peer: cidrBlock, ports: [1, 65_535] } as const;
    const toAws = { peer: anywhere, ports: [443, 443] } as const;
    const web = [80, 443].map((port): Flow => ({ peer: anywhere, ports: [port, port] }));
    const toDatabase: Flow = { peer: cidrBlock, ports: [3306, 3306] };
    // The NAT gateways stand in the public tier: what the app asks of the internet passes there.
    new NetworkAcl(this, "public-acl", {
      vpc,
      tier: publicTier,
      in: [...web, fromVpc],
      out: [fromVpc, toAws],
    });
    const fromApp = [toAws, ...(internalLoadBalancer ? [fromVpc] : [toDatabase])];
    new NetworkAcl(this, "app-acl", { vpc, tier: appTier, in: [fromVpc], out: fromApp });
    if (dataTier !== appTier)
      new NetworkAcl(this, "data-acl", { vpc, tier: dataTier, in: [toDatabase], out: [] });
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

  /** Free, and keeps traffic off the NAT gateway, which charges by the gigabyte; where there is none, the only way. */
  private createGatewayEndpoint(region: string, service: string): VpcEndpoint {
    return new VpcEndpoint(this, `${service}-endpoint`, {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: "Gateway",
      routeTableIds: this.appTier.routeTables.map((table) => table.id),
      tags: { Name: physicalName(this, "tag", service) },
    });
  }
}

/** The /24 block number `index` of a /16. */
function slash24(cidrBlock: string, index: number): string {
  const [first, second] = cidrBlock.split(".");
  return `${first}.${second}.${index}.0/24`;
}
