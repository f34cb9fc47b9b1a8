import { describe, expect, test } from "@jest/globals";
import { FargateService, type FargateServiceProps } from "../../../constructs/compute/fargate-service.ts";
import { LoadBalancer } from "../../../constructs/edge/load-balancer.ts";
import { Network } from "../../../constructs/network/network.ts";
import { AppLog } from "../../../constructs/operations/app-log.ts";
import { small as dev } from "../../config/sample.ts";
import { synthesize } from "../synthesized.ts";

const serviceOf = (settings: Partial<FargateServiceProps> = {}) =>
  synthesize((stack) => {
    const network = new Network(stack, "network", { region: "us-east-1", nat: "single" });
    const loadBalancer = new LoadBalancer(stack, "load-balancer", {
      network,
      app: { ...dev.app, port: 8000 },
      targetType: "ip",
      protect: false,
      ...dev.edge,
    });
    const service = new FargateService(stack, "service", {
      network,
      loadBalancer,
      port: 8000,
      settings: { PORT: "8000" },
      log: new AppLog(stack, "app-log", { retentionDays: 7 }),
      healthCheckGracePeriod: 60,
      task: { cpu: 256, memory: 512 },
      healthCheckPath: "/alive",
      image: {
        account: "123456789012",
        region: "us-east-1",
        repository: "webstead/app",
        tagParameter: "/webstead/dev/image-tag",
      },
      ...settings,
    });
    service.allowFrom(loadBalancer);
    service.role.allow("late-grant", { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::photos/*"] });
  });

describe("a service of tasks", () => {
  const stack = serviceOf();
  const service = stack.one("aws_ecs_service");
  const definition = stack.one("aws_ecs_task_definition");
  const [container] = JSON.parse(String(definition.container_definitions));

  test("is a cluster, a service, a task definition and two roles", () => {
    expect(stack.inventory().filter((type) => /ecs|autoscaling|launch|iam|instance/.test(type))).toEqual([
      "aws_ecs_cluster",
      "aws_ecs_service",
      "aws_ecs_task_definition",
      "aws_iam_role",
      "aws_iam_role",
      ...Array.from({ length: 4 }, () => "aws_iam_role_policy"),
    ]);
  });

  test("runs two tasks in the app tier, without an address of the internet's", () => {
    expect(service).toMatchObject({
      desired_count: 2,
      launch_type: "FARGATE",
      network_configuration: {
        assign_public_ip: false,
        subnets: [expect.stringContaining("app_subnet-a"), expect.stringContaining("app_subnet-b")],
      },
    });
    expect(definition).toMatchObject({ cpu: "256", memory: "512", network_mode: "awsvpc" });
  });

  test("registers each task by its address", () => {
    expect(stack.one("aws_lb_target_group")).toMatchObject({ target_type: "ip", port: 8000 });
    expect(service.load_balancer).toMatchObject([{ container_name: "app", container_port: 8000 }]);
    expect(container.portMappings).toEqual([{ containerPort: 8000, hostPort: 8000, protocol: "tcp" }]);
  });

  test("starts the new tasks first, and puts the old ones back when those do not become healthy", () => {
    expect(service).toMatchObject({
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
      wait_for_steady_state: true,
      health_check_grace_period_seconds: 60,
      timeouts: { create: "600s", update: "600s" },
    });
  });

  test("fails the apply when the circuit breaker put the old tasks back", () => {
    expect(service.lifecycle).toMatchObject({
      postcondition: [
        {
          condition: expect.stringMatching(
            /^\$\{self\.task_definition == \$?\{?aws_ecs_task_definition\.\S+\.arn\}$/,
          ),
        },
      ],
    });
    expect(service.lifecycle).not.toHaveProperty("ignore_changes");
  });

  test("keeps the old task definition until the service has left it", () => {
    expect(definition.lifecycle).toEqual({ create_before_destroy: true });
  });

  test("gives the container nothing to write on and nobody's rights", () => {
    expect(container).toMatchObject({
      user: "10001:10001",
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ["ALL"] } },
    });
  });

  test("asks each container by itself whether it is alive", () => {
    expect(container.healthCheck.command.slice(0, 3)).toEqual(["CMD", "/opt/webapp/bin/node", "-e"]);
    expect(container.healthCheck.command[3]).toContain("http://127.0.0.1:8000/alive");
  });

  test("takes the image of the tag that the parameter holds", () => {
    expect(Object.values(stack.json.data?.aws_ssm_parameter ?? {})).toEqual([
      { name: "/webstead/dev/image-tag" },
    ]);
    expect(container.image).toMatch(
      /^123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com\/webstead\/app:\$\{data\.aws_ssm_parameter\.\S+\.insecure_value\}$/,
    );
  });

  test("lets the app do what it was granted, and what starts it fetch this image and write this log", () => {
    const policies = stack
      .all("aws_iam_role_policy")
      .map(({ name, role, policy }) => [
        name,
        String(role).includes("execution-role"),
        JSON.parse(String(policy)).Statement[0].Resource,
      ]);
    expect(policies).toEqual(
      expect.arrayContaining([
        ["late-grant", false, ["arn:aws:s3:::photos/*"]],
        ["registry-token", true, ["*"]],
        ["fetch-image", true, ["arn:aws:ecr:us-east-1:123456789012:repository/webstead/app"]],
        ["write-log", true, [expect.stringMatching(/log-group\S*\.arn\}:\*$/)]],
      ]),
    );
    for (const { assume_role_policy } of stack.all("aws_iam_role")) {
      expect(JSON.parse(String(assume_role_policy)).Statement[0].Condition).toEqual({
        StringEquals: { "aws:SourceAccount": "123456789012" },
      });
    }
  });

  test("waits for listener, rules, routes and grants before it starts a task", () => {
    for (const needed of [
      "lb_listener",
      "ingress_rule",
      "egress_rule",
      "route",
      "late-grant",
      "fetch-image",
    ]) {
      expect(service.depends_on).toContainEqual(expect.stringContaining(needed));
    }
  });
});

describe("a service of tasks that follows the load", () => {
  const stack = serviceOf({ scaling: { minimum: 2, maximum: 6, cpuPercent: 70, warmup: 90 } });

  test("has a policy for their number, which Terraform then leaves alone", () => {
    expect(stack.one("aws_appautoscaling_target")).toMatchObject({ min_capacity: 2, max_capacity: 6 });
    expect(stack.one("aws_appautoscaling_policy").target_tracking_scaling_policy_configuration).toMatchObject(
      {
        target_value: 70,
        scale_out_cooldown: 90,
        predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
      },
    );
    expect(stack.one("aws_ecs_service").lifecycle).toMatchObject({ ignore_changes: ["desired_count"] });
  });
});

test("a service of tasks refuses a setting that names a secret", () => {
  expect(() => serviceOf({ settings: { DB_PASSWORD: "x" } })).toThrow(
    "the app's settings must hold no secret, got DB_PASSWORD; pass the secret's ARN as DB_SECRET_ARN",
  );
});
