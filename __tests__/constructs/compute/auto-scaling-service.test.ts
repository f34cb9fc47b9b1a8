import { describe, expect, test } from "@jest/globals";
import {
  AutoScalingService,
  type AutoScalingServiceProps,
} from "../../../constructs/compute/auto-scaling-service.ts";
import { LoadBalancer } from "../../../constructs/edge/load-balancer.ts";
import { Network } from "../../../constructs/network/network.ts";
import { AppLog } from "../../../constructs/operations/app-log.ts";
import { small as dev } from "../../config/sample.ts";
import { synthesize } from "../synthesized.ts";

const serviceOf = (settings: Partial<AutoScalingServiceProps> = {}) =>
  synthesize((stack) => {
    const network = new Network(stack, "network", { region: "us-east-1", nat: "single" });
    const loadBalancer = new LoadBalancer(stack, "load-balancer", {
      network,
      app: dev.app,
      protect: false,
      ...dev.edge,
    });
    const service = new AutoScalingService(stack, "service", {
      network,
      loadBalancer,
      port: 80,
      imageParameter: "/webstead/dev/ami-id",
      instanceType: "t3.micro",
      healthCheckGracePeriod: 60,
      settings: { PORT: "80" },
      log: new AppLog(stack, "app-log", { retentionDays: 7 }),
      tags: { Project: "webstead", Environment: "dev" },
      ...settings,
    });
    service.allowFrom(loadBalancer);
    service.role.allow("late-grant", { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::photos/*"] });
  });

describe("a service", () => {
  const stack = serviceOf();
  const group = stack.one("aws_autoscaling_group");
  const template = stack.one("aws_launch_template");

  test("is one template, one group and one role", () => {
    const own = /autoscaling|launch|iam|instance/;
    expect(stack.inventory().filter((type) => own.test(type))).toEqual([
      "aws_autoscaling_group",
      "aws_iam_instance_profile",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_iam_role_policy",
      "aws_iam_role_policy",
      "aws_iam_role_policy",
      "aws_launch_template",
    ]);
  });

  test("runs exactly one instance, in the app tier, registered with the load balancer", () => {
    expect(group).toMatchObject({
      min_size: 1,
      max_size: 1,
      desired_capacity: 1,
      vpc_zone_identifier: [expect.stringContaining("app_subnet-a"), expect.stringContaining("app_subnet-b")],
      target_group_arns: [expect.stringContaining("target-group")],
    });
  });

  test("counts as alive what the load balancer finds healthy", () => {
    expect(group).toMatchObject({ health_check_type: "ELB", health_check_grace_period: 60 });
  });

  test("rolls out blue/green: a new name per template version, the old group last, health first", () => {
    const id = expect.stringMatching(/^\$\{aws_launch_template\.service_launch-template_\w+\.id\}$/);
    expect(group).toMatchObject({
      name: expect.stringMatching(
        /^webstead-dev-\$\{aws_launch_template\.\S+\.id\}-\$\{aws_launch_template\.\S+\.latest_version\}$/,
      ),
      launch_template: { id, version: expect.stringMatching(/\.latest_version\}$/) },
      lifecycle: { create_before_destroy: true },
      wait_for_elb_capacity: 1,
      wait_for_capacity_timeout: "600s",
    });
  });

  test("launches the new one first when AWS replaces an instance by itself", () => {
    expect(group.instance_maintenance_policy).toEqual({
      min_healthy_percentage: 100,
      max_healthy_percentage: 200,
    });
  });

  test("waits for the listener, the way out, every rule and every grant, however late it came", () => {
    expect(group.depends_on).toEqual([
      expect.stringMatching(/^aws_lb_listener\./),
      expect.stringMatching(/^aws_vpc_security_group_ingress_rule\.load-balancer.*from-anywhere/),
      expect.stringMatching(/^aws_vpc_security_group_egress_rule\.load-balancer.*to-service/),
      expect.stringMatching(/^aws_route\.network_app/),
      expect.stringMatching(/^aws_route\.network_app/),
      expect.stringMatching(/^aws_vpc_security_group_ingress_rule\.service.*from-load-balancer/),
      expect.stringMatching(/^aws_iam_role_policy\.service_role_session-manager/),
      expect.stringMatching(/^aws_iam_role_policy\.service_role_write-metrics/),
      expect.stringMatching(/^aws_iam_role_policy\.service_role_write-log/),
      expect.stringMatching(/^aws_iam_role_policy\.service_role_late-grant/),
    ]);
  });

  test("tags what it launches, which the provider's default tags do not reach", () => {
    expect(group.tag).toEqual([
      { key: "Project", value: "webstead", propagate_at_launch: true },
      { key: "Environment", value: "dev", propagate_at_launch: true },
      { key: "Name", value: "webstead-dev", propagate_at_launch: true },
    ]);
    expect(template.tag_specifications).toEqual([
      { resource_type: "volume", tags: { Project: "webstead", Environment: "dev", Name: "webstead-dev" } },
    ]);
  });

  test("starts the image that the parameter names", () => {
    expect(stack.json.data?.aws_ssm_parameter).toEqual({
      [idOf(template.image_id)]: { name: "/webstead/dev/ami-id" },
    });
    expect(template.image_id).toMatch(/\.insecure_value\}$/);
  });

  test("hands out instance metadata for a token and one hop only", () => {
    expect(template.metadata_options).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
  });

  test("has an encrypted gp3 disk that goes with it", () => {
    expect(template.block_device_mappings).toEqual([
      {
        device_name: "/dev/xvda",
        ebs: { volume_type: "gp3", volume_size: 8, encrypted: "true", delete_on_termination: "true" },
      },
    ]);
  });

  test("has no key pair", () => {
    expect(template).not.toHaveProperty("key_name");
  });
});

test("the environment sets disk size and how long a rollout may take", () => {
  const stack = serviceOf({ rootVolumeSize: 20, rolloutTimeout: 300 });
  expect(stack.one("aws_autoscaling_group").wait_for_capacity_timeout).toBe("300s");
  expect(stack.one("aws_launch_template").block_device_mappings).toMatchObject([
    { ebs: { volume_size: 20 } },
  ]);
});

function idOf(expression: unknown): string {
  return /\.(service_image_\w+)\./.exec(String(expression))?.[1] ?? "";
}
