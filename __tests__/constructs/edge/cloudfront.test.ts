import { describe, expect, test } from "@jest/globals";
import { LoadBalancer, type LoadBalancerProps } from "../../../constructs/edge/load-balancer.ts";
import { Network } from "../../../constructs/network/network.ts";
import { small as dev } from "../../config/sample.ts";
import { synthesize } from "../synthesized.ts";

const https = { domainName: "app.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const behindCloudFront = (settings: Partial<LoadBalancerProps> = {}) =>
  synthesize((stack) => {
    const network = new Network(stack, "network", { region: "us-east-1", nat: "single" });
    new LoadBalancer(stack, "load-balancer", {
      ...{ network, app: dev.app, protect: true, https, cloudFront: {} },
      ...dev.edge,
      ...settings,
    });
  });

describe("a load balancer behind CloudFront", () => {
  const stack = behindCloudFront();
  const distribution = stack.one("aws_cloudfront_distribution");

  test("has no public address, and stands where nothing is public", () => {
    expect(stack.one("aws_lb")).toMatchObject({
      internal: true,
      subnets: [expect.stringContaining("app_subnet-a"), expect.stringContaining("app_subnet-b")],
    });
  });

  test("lets in CloudFront's own addresses on port 80 and nobody else", () => {
    expect(stack.all("aws_vpc_security_group_ingress_rule")).toEqual([
      expect.objectContaining({
        from_port: 80,
        to_port: 80,
        prefix_list_id: expect.stringContaining("aws_ec2_managed_prefix_list"),
      }),
    ]);
    expect(stack.one("aws_vpc_security_group_ingress_rule")).not.toHaveProperty("cidr_ipv4");
    expect(Object.values(stack.json.data?.aws_ec2_managed_prefix_list ?? {})).toEqual([
      { name: "com.amazonaws.global.cloudfront.origin-facing" },
    ]);
  });

  test("answers by HTTP alone: what is encrypted ends at CloudFront, and the rest is inside of the VPC", () => {
    expect(stack.one("aws_lb_listener")).toMatchObject({ port: 80, protocol: "HTTP" });
    expect(stack.one("aws_lb_listener").default_action).toMatchObject([{ type: "forward" }]);
  });

  test("is reached by a VPC origin, the one origin that the distribution has", () => {
    expect(stack.one("aws_cloudfront_vpc_origin").vpc_origin_endpoint_config).toMatchObject([
      { arn: expect.stringContaining("aws_lb."), http_port: 80, origin_protocol_policy: "http-only" },
    ]);
    expect(distribution.origin).toEqual([
      expect.objectContaining({
        domain_name: expect.stringContaining("dns_name"),
        vpc_origin_config: { vpc_origin_id: expect.stringContaining("aws_cloudfront_vpc_origin.") },
      }),
    ]);
  });

  test("has its name and its certificate at the distribution, which knows HTTPS and IPv4 only", () => {
    expect(distribution).toMatchObject({
      aliases: ["app.example.com"],
      is_ipv6_enabled: false,
      price_class: "PriceClass_100",
      viewer_certificate: {
        acm_certificate_arn: expect.stringContaining("aws_acm_certificate_validation."),
        minimum_protocol_version: "TLSv1.2_2021",
      },
      default_cache_behavior: { viewer_protocol_policy: "redirect-to-https" },
    });
    const [alias] = stack.all("aws_route53_record").filter(({ type }) => type === "A");
    expect(alias?.alias).toMatchObject({
      name: expect.stringContaining("aws_cloudfront_distribution."),
      zone_id: expect.stringContaining("hosted_zone_id"),
    });
  });

  test("caches nothing, and gets every request as it was sent", () => {
    expect(distribution.default_cache_behavior).toMatchObject({
      cache_policy_id: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      origin_request_policy_id: "216adef6-5c7f-47e4-b989-5492eafa07d3",
      allowed_methods: expect.arrayContaining(["DELETE", "POST", "PUT"]),
    });
  });

  test("has its web ACL at the distribution, where the internet comes in", () => {
    const guarded = behindCloudFront({ webAcl: { mode: "count" }, cloudFront: { priceClass: "all" } });
    expect(guarded.one("aws_wafv2_web_acl").scope).toBe("CLOUDFRONT");
    expect(guarded.one("aws_cloudfront_distribution")).toMatchObject({
      price_class: "PriceClass_All",
      web_acl_id: expect.stringContaining("aws_wafv2_web_acl."),
    });
    expect(guarded.all("aws_wafv2_web_acl_association")).toEqual([]);
  });
});
