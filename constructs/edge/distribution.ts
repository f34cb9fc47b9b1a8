import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution/index.js";
import { CloudfrontVpcOrigin } from "@cdktf/provider-aws/lib/cloudfront-vpc-origin/index.js";
import type { Lb } from "@cdktf/provider-aws/lib/lb/index.js";
import { Construct } from "constructs";
import type { CloudFrontSettings } from "../../config/settings/edge.ts";
import { physicalName } from "../naming.ts";
import type { AliasTarget } from "./domain.ts";

export interface DistributionProps extends CloudFrontSettings {
  /** Internal: CloudFront reaches it by network interfaces of its own in the VPC. */
  readonly loadBalancer: Lb;
  readonly domainName: string;
  readonly certificateArn: string;
  /** ARN of a web ACL for CloudFront. @default none */
  readonly webAclArn?: string | undefined;
}

/**
 * AWS's own policies, which have these ids in every account: nothing is cached, all of a request is passed on, and
 * browsers are told to come back by HTTPS.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const managedPolicies = {
  cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
  responseHeadersPolicyId: "67f7725c-6f97-4210-82d7-5512b31e9d03",
};

const priceClasses = { "100": "PriceClass_100", "200": "PriceClass_200", all: "PriceClass_All" } as const;
const originId = "load-balancer";

/** CloudFront, the only way to a load balancer that has no public address. Costs by traffic. */
export class Distribution extends Construct implements AliasTarget {
  readonly dnsName: string;
  readonly zoneId: string;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const { loadBalancer, domainName, certificateArn, webAclArn } = props;
    const distribution = new CloudfrontDistribution(this, "distribution", {
      enabled: true,
      comment: physicalName(this, "tag"),
      aliases: [domainName],
      httpVersion: "http2and3",
      isIpv6Enabled: false,
      priceClass: priceClasses[props.priceClass ?? "100"],
      ...(webAclArn && { webAclId: webAclArn }),
      origin: [
        {
          originId,
          domainName: loadBalancer.dnsName,
          vpcOriginConfig: { vpcOriginId: this.createOrigin(loadBalancer).id },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: originId,
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
        cachedMethods: ["GET", "HEAD"],
        compress: true,
        ...managedPolicies,
      },
      viewerCertificate: {
        acmCertificateArn: certificateArn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
    });
    this.dnsName = distribution.domainName;
    this.zoneId = distribution.hostedZoneId;
  }

  /** The way from CloudFront into the VPC. It ends there, so nothing is encrypted twice. */
  private createOrigin({ arn }: Lb): CloudfrontVpcOrigin {
    return new CloudfrontVpcOrigin(this, "origin", {
      vpcOriginEndpointConfig: [
        {
          name: physicalName(this, "vpcOrigin"),
          arn,
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "http-only",
          originSslProtocols: [{ items: ["TLSv1.2"], quantity: 1 }],
        },
      ],
    });
  }
}
