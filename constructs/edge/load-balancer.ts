import { DataAwsEc2ManagedPrefixList } from "@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list/index.js";
import { Lb } from "@cdktf/provider-aws/lib/lb/index.js";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group/index.js";
import { Construct } from "constructs";
import type { AppSettings } from "../../config/settings/app.ts";
import type { EdgeSettings } from "../../config/settings/edge.ts";
import { type Connectable, Connections } from "../connections.ts";
import { physicalName, targetGroupNamePrefix } from "../naming.ts";
import type { NetworkPlace } from "../network/network-place.ts";
import { AccessLog } from "./access-log.ts";
import { Distribution } from "./distribution.ts";
import { Domain } from "./domain.ts";
import { addListenerRules, Listeners } from "./listeners.ts";
import { WebAcl } from "./web-acl.ts";

/** AWS keeps the list of the addresses that CloudFront comes from. */
const cloudFrontAddresses = "com.amazonaws.global.cloudfront.origin-facing";

export interface LoadBalancerProps extends EdgeSettings {
  readonly network: NetworkPlace;
  readonly app: AppSettings;
  /** What registers: instances, or the addresses of tasks. @default "instance" */
  readonly targetType?: "instance" | "ip";
  /** Whether AWS refuses to delete it. */
  readonly protect: boolean;
}

/**
 * The public door: an application load balancer, by HTTP or with a certificate by HTTPS; or behind CloudFront and then
 * not public. About $24 a month plus usage.
 */
export class LoadBalancer extends Construct implements Connectable {
  readonly connections: Connections;
  readonly balancer: Lb;
  readonly listeners: Listeners;
  /** Where what runs the app registers. */
  readonly targetGroup: LbTargetGroup;
  private readonly domainName: string | undefined;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { network, https, cloudFront, listenerRules = [] } = props;
    this.domainName = https?.domainName;
    // Port 80 stays open with HTTPS, which adds a port and changes none: nobody is shut out while it is turned on.
    this.connections = new Connections(this, "connections", { vpc: network.vpc, port: 80 });
    this.balancer = this.createBalancer(props);
    this.targetGroup = this.createTargetGroup(props);
    const domain = https && new Domain(this, "domain", https);
    const isTls = domain !== undefined && cloudFront === undefined;
    this.listeners = new Listeners(this, {
      loadBalancerArn: this.balancer.arn,
      targetGroupArn: this.targetGroup.arn,
      ...(isTls && { certificateArn: domain.certificateArn, minimumTls: https?.minimumTls }),
    });
    addListenerRules(this, this.listeners.forwarding.arn, listenerRules);
    if (cloudFront && domain) this.standBehindCloudFront(props, domain);
    else this.standInPublic(props, domain);
  }

  /** Where a browser finds the app. */
  get url(): string {
    return this.domainName ? `https://${this.domainName}` : `http://${this.balancer.dnsName}`;
  }

  private standInPublic({ https, webAcl }: LoadBalancerProps, domain: Domain | undefined): void {
    this.connections.allowFromAnywhere();
    if (https) this.connections.allowFromAnywhere(443);
    domain?.pointTo(this.balancer);
    if (webAcl) new WebAcl(this, "web-acl", webAcl).protect(this.balancer.arn);
  }

  /** CloudFront's network interfaces in the VPC come from the addresses of AWS's own list. */
  private standBehindCloudFront({ https, cloudFront, webAcl }: LoadBalancerProps, domain: Domain): void {
    const list = new DataAwsEc2ManagedPrefixList(this, "cloudfront", { name: cloudFrontAddresses });
    this.connections.allowFromPrefixList("cloudfront", list.id);
    const acl = webAcl && new WebAcl(this, "web-acl", { ...webAcl, isGlobal: true });
    const distribution = new Distribution(this, "distribution", {
      ...cloudFront,
      loadBalancer: this.balancer,
      domainName: https?.domainName ?? "",
      certificateArn: domain.certificateArn,
      webAclArn: acl?.arn,
    });
    domain.pointTo(distribution);
  }

  private createBalancer({ network, protect, cloudFront, accessLogs }: LoadBalancerProps): Lb {
    const tier = cloudFront ? network.appTier : network.publicTier;
    return new Lb(this, "load-balancer", {
      name: physicalName(this, "loadBalancer"),
      loadBalancerType: "application",
      internal: cloudFront !== undefined,
      ipAddressType: "ipv4",
      subnets: tier.subnets.map((subnet) => subnet.id),
      securityGroups: [this.connections.securityGroup.id],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: protect,
      dependsOn: tier.routes,
      ...(accessLogs && {
        accessLogs: {
          enabled: true,
          bucket: new AccessLog(this, "access-log", { ...accessLogs, protect }).bucketName,
        },
      }),
    });
  }

  private createTargetGroup(props: LoadBalancerProps) {
    const { network, app, targetType = "instance", healthCheck, deregistrationDelay = 30 } = props;
    return new LbTargetGroup(this, "target-group", {
      namePrefix: targetGroupNamePrefix(this),
      targetType,
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
}
