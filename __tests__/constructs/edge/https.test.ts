import { describe, expect, test } from "@jest/globals";
import { LoadBalancer, type LoadBalancerProps } from "../../../constructs/edge/load-balancer.ts";
import { Network } from "../../../constructs/network/network.ts";
import { small as dev } from "../../config/sample.ts";
import { synthesize } from "../synthesized.ts";

const { app, edge } = dev;
const loadBalancerOf = (settings: Partial<LoadBalancerProps>) =>
  synthesize((stack) => {
    const network = new Network(stack, "network", { region: "us-east-1", nat: "single" });
    new LoadBalancer(stack, "load-balancer", { network, app, protect: true, ...edge, ...settings });
  });
const https = { domainName: "app.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

describe("a load balancer with HTTPS", () => {
  const stack = loadBalancerOf({ https });
  const [plain, secure] = stack.all("aws_lb_listener").sort((a, b) => Number(a.port) - Number(b.port));

  test("answers on 443 with the certificate, by TLS 1.2 or 1.3", () => {
    expect(secure).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificate_arn: expect.stringContaining("aws_acm_certificate_validation."),
      default_action: [expect.objectContaining({ type: "forward" })],
    });
  });

  test("sends port 80 there for good", () => {
    expect(plain).toMatchObject({
      port: 80,
      protocol: "HTTP",
      default_action: [
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } },
      ],
    });
  });

  test("keeps the listener on port 80 that it had without: nothing is taken away meanwhile", () => {
    const before = Object.keys(loadBalancerOf({}).json.resource?.aws_lb_listener ?? {});
    expect(Object.keys(stack.json.resource?.aws_lb_listener ?? {})).toEqual(expect.arrayContaining(before));
  });

  test("opens both ports to the internet", () => {
    const open = stack.all("aws_vpc_security_group_ingress_rule");
    expect(open.map(({ from_port, cidr_ipv4 }) => [from_port, cidr_ipv4])).toEqual(
      expect.arrayContaining([
        [80, "0.0.0.0/0"],
        [443, "0.0.0.0/0"],
      ]),
    );
  });

  test("proves its name in the zone and points it to itself, over IPv4", () => {
    const records = stack.all("aws_route53_record");
    expect(records.map(({ zone_id }) => zone_id)).toEqual([https.hostedZoneId, https.hostedZoneId]);
    expect(records).toContainEqual(
      expect.objectContaining({
        name: "app.example.com",
        type: "A",
        alias: expect.objectContaining({ evaluate_target_health: true }),
      }),
    );
    expect(stack.one("aws_acm_certificate")).toMatchObject({
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
  });

  test("speaks TLS 1.3 alone when asked to", () => {
    const strict = loadBalancerOf({ https: { ...https, minimumTls: "1.3" } });
    expect(strict.all("aws_lb_listener").map(({ ssl_policy }) => ssl_policy)).toContain(
      "ELBSecurityPolicy-TLS13-1-3-2021-06",
    );
  });
});

test("listener rules answer before the app, by path and host", () => {
  const stack = loadBalancerOf({
    listenerRules: [
      { priority: 10, paths: ["/old/*"], answer: { redirectTo: { path: "/new" } } },
      { priority: 20, hosts: ["down.example.com"], answer: { status: 503, body: "later" } },
    ],
  });
  expect(stack.all("aws_lb_listener_rule")).toEqual([
    expect.objectContaining({
      priority: 10,
      condition: [{ path_pattern: { values: ["/old/*"] } }],
      action: [{ type: "redirect", redirect: { path: "/new", status_code: "HTTP_301" } }],
    }),
    expect.objectContaining({
      priority: 20,
      condition: [{ host_header: { values: ["down.example.com"] } }],
      action: [
        {
          type: "fixed-response",
          fixed_response: { content_type: "text/plain", status_code: "503", message_body: "later" },
        },
      ],
    }),
  ]);
});

describe("a web ACL", () => {
  const rulesOf = (mode: "count" | "block") =>
    loadBalancerOf({ webAcl: { mode } }).one("aws_wafv2_web_acl").rule as Record<string, unknown>[];

  test("only counts at first", () => {
    expect(rulesOf("count").map(({ action, override_action }) => action ?? override_action)).toEqual([
      { count: {} },
      { count: {} },
      { count: {} },
      { count: {} },
    ]);
  });

  test("blocks when told to, AWS's groups by their own actions", () => {
    expect(rulesOf("block").map(({ action, override_action }) => action ?? override_action)).toEqual([
      { none: {} },
      { none: {} },
      { none: {} },
      { block: {} },
    ]);
  });

  test("stands in front of the load balancer", () => {
    expect(loadBalancerOf({ webAcl: { mode: "count" } }).one("aws_wafv2_web_acl_association")).toEqual({
      resource_arn: expect.stringContaining("aws_lb.load-balancer"),
      web_acl_arn: expect.stringContaining("aws_wafv2_web_acl."),
    });
  });
});

describe("access logs", () => {
  const stack = loadBalancerOf({ accessLogs: { retentionDays: 90 } });

  test("go to a private bucket, by TLS only, and away after their days", () => {
    expect(stack.one("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(stack.one("aws_s3_bucket_lifecycle_configuration").rule).toEqual([
      expect.objectContaining({ status: "Enabled", expiration: [{ days: 90 }] }),
    ]);
    const [tlsOnly, delivery] = JSON.parse(String(stack.one("aws_s3_bucket_policy").policy)).Statement;
    expect(tlsOnly).toMatchObject({
      Effect: "Deny",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    expect(delivery).toMatchObject({
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: ["s3:PutObject"],
    });
  });

  test("begin only when the bucket lets the load balancer in", () => {
    expect(stack.one("aws_lb").access_logs).toEqual({
      enabled: true,
      bucket: expect.stringMatching(/^\$\{aws_s3_bucket_policy\..*\.bucket\}$/),
    });
  });

  test("of a protected environment are not thrown away with it", () => {
    expect(stack.one("aws_s3_bucket").force_destroy).toBe(false);
  });
});
