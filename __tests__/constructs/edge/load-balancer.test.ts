import { describe, expect, test } from "@jest/globals";
import { LoadBalancer, type LoadBalancerProps } from "../../../constructs/edge/load-balancer.ts";
import { Network } from "../../../constructs/network/network.ts";
import { small as dev } from "../../config/sample.ts";
import { synthesize } from "../synthesized.ts";

const { app, edge } = dev;
const loadBalancerOf = (settings: Partial<LoadBalancerProps> = {}) =>
  synthesize((stack) => {
    const network = new Network(stack, "network", { region: "us-east-1", nat: "single" });
    new LoadBalancer(stack, "load-balancer", { network, app, protect: false, ...edge, ...settings });
  });

describe("a load balancer", () => {
  const stack = loadBalancerOf({
    app: { port: 8080, healthCheckPath: "/up" },
    healthCheck: { interval: 15, timeout: 4, healthyThreshold: 3, unhealthyThreshold: 5 },
  });

  test("adds these resources to its network", () => {
    const network = synthesize((scope) => {
      new Network(scope, "network", { region: "us-east-1", nat: "single" });
    });
    const added = stack.inventory();
    for (const type of network.inventory()) added.splice(added.indexOf(type), 1);
    expect(added).toEqual([
      "aws_lb",
      "aws_lb_listener",
      "aws_lb_target_group",
      "aws_security_group",
      "aws_vpc_security_group_ingress_rule",
    ]);
  });

  test("stands in the public subnets, for IPv4, behind its own security group", () => {
    expect(stack.one("aws_lb")).toMatchObject({
      name: "webstead-dev",
      load_balancer_type: "application",
      internal: false,
      ip_address_type: "ipv4",
      drop_invalid_header_fields: true,
      enable_deletion_protection: false,
      subnets: [expect.stringContaining("public_subnet-a"), expect.stringContaining("public_subnet-b")],
      security_groups: [expect.stringContaining("load-balancer_connections")],
    });
  });

  test("waits for the route to the internet, without which AWS refuses to make it", () => {
    expect(stack.one("aws_lb").depends_on).toEqual([expect.stringMatching(/^aws_route\.network_public/)]);
  });

  test("checks the app's own path on the app's own port for a 200", () => {
    expect(stack.one("aws_lb_target_group")).toMatchObject({
      target_type: "instance",
      protocol: "HTTP",
      port: 8080,
      health_check: {
        protocol: "HTTP",
        port: "traffic-port",
        path: "/up",
        matcher: "200",
        interval: 15,
        timeout: 4,
        healthy_threshold: 3,
        unhealthy_threshold: 5,
      },
    });
  });

  test("can replace its target group while the listener points to the old one", () => {
    expect(stack.one("aws_lb_target_group")).toMatchObject({
      name_prefix: "dev-",
      lifecycle: { create_before_destroy: true },
    });
  });

  test("forwards HTTP on port 80 to its one target group", () => {
    expect(stack.one("aws_lb_listener")).toMatchObject({
      port: 80,
      protocol: "HTTP",
      default_action: [{ type: "forward", target_group_arn: expect.stringContaining("target-group") }],
    });
  });
});

test("a leaving instance has 30 seconds for its requests unless told otherwise", () => {
  const { deregistrationDelay: _, ...others } = edge;
  const plain = synthesize((stack) => {
    const network = new Network(stack, "network", { region: "us-east-1", nat: "single" });
    new LoadBalancer(stack, "load-balancer", { network, app, protect: false, ...others });
  });
  expect(plain.one("aws_lb_target_group").deregistration_delay).toBe("30");
  const told = loadBalancerOf({ deregistrationDelay: 5 });
  expect(told.one("aws_lb_target_group").deregistration_delay).toBe("5");
});

test("a protected load balancer refuses to be deleted", () => {
  expect(loadBalancerOf({ protect: true }).one("aws_lb").enable_deletion_protection).toBe(true);
});
