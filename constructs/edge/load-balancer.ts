import { Lb } from "@cdktf/provider-aws/lib/lb/index.js";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener/index.js";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group/index.js";
import { Construct } from "constructs";
import type { AppSettings, EdgeSettings } from "../../config/environment.ts";
import { type Connectable, Connections } from "../connections.ts";
import { physicalName, targetGroupNamePrefix } from "../naming.ts";
import type { Network } from "../network/network.ts";

export interface LoadBalancerProps extends EdgeSettings {
  readonly network: Network;
  readonly app: AppSettings;
  /** Whether AWS refuses to delete it. */
  readonly protect: boolean;
}

/** The public door: an application load balancer that speaks HTTP on port 80. About $24 a month plus usage. */
export class LoadBalancer extends Construct implements Connectable {
  readonly connections: Connections;
  readonly balancer: Lb;
  /** Without its listener the target group is unused, and no target in it ever becomes healthy. */
  readonly listener: LbListener;
  /** Where instances register. */
  readonly targetGroup: LbTargetGroup;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    this.connections = new Connections(this, "connections", { vpc: props.network.vpc, port: 80 });
    this.connections.allowFromAnywhere();
    this.balancer = this.createBalancer(props);
    this.targetGroup = this.createTargetGroup(props);
    this.listener = this.createListener();
  }

  /** Where a browser finds the app. */
  get url(): string {
    return `http://${this.balancer.dnsName}`;
  }

  private createBalancer({ network, protect }: LoadBalancerProps): Lb {
    return new Lb(this, "load-balancer", {
      name: physicalName(this, "loadBalancer"),
      loadBalancerType: "application",
      internal: false,
      ipAddressType: "ipv4",
      subnets: network.publicTier.subnets.map((subnet) => subnet.id),
      securityGroups: [this.connections.securityGroup.id],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: protect,
      dependsOn: network.publicTier.routes,
    });
  }

  private createTargetGroup({ network, app, healthCheck, deregistrationDelay = 30 }: LoadBalancerProps) {
    return new LbTargetGroup(this, "target-group", {
      namePrefix: targetGroupNamePrefix(this),
      targetType: "instance",
      protocol: "HTTP",
      port: app.port,
      vpcId: network.vpc.id,
      deregistrationDelay: String(deregistrationDelay),
      healthCheck: {
        protocol: "HTTP",
        port: "traffic-port",
        path: app.healthCheckPath,
        matcher: "200",
        ...healthCheck,
      },
      tags: { Name: physicalName(this, "tag") },
      // A listener still points to the old group while the new one is made.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private createListener(): LbListener {
    return new LbListener(this, "listener", {
      loadBalancerArn: this.balancer.arn,
      protocol: "HTTP",
      port: this.connections.port,
      defaultAction: [{ type: "forward", targetGroupArn: this.targetGroup.arn }],
    });
  }
}
