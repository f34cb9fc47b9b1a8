import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import type { Environment } from "../../config/environment.ts";
import { loadEnvironments } from "../../config/load.ts";
import { WebAppStack } from "../../constructs/web-app-stack.ts";
import { contained, everything, resilient, secluded, small } from "../config/sample.ts";
import { type Block, Synthesized } from "./synthesized.ts";

const samples = [small, resilient, secluded, contained].map((environment) => stackOf("sample", environment));
const own = (await loadEnvironments(process.cwd())).map(({ file, environment }) =>
  stackOf(file, environment),
);

test.each(samples)("the stack of the sample $name is this", ({ stack }) => {
  expect(stack.json).toMatchSnapshot();
});

test("where the app lies is nothing to a stack, which is synthesized without looking there", () => {
  const elsewhere = { ...small, app: { ...small.app, source: { folder: "/nowhere" } } };
  expect(stackOf("sample", elsewhere).stack.json).toEqual(stackOf("sample", small).stack.json);
});

const full = stackOf("sample", everything);

describe.each([...samples, full, ...own])("the stack of $origin $name", ({ name, environment, stack }) => {
  const text = JSON.stringify(stack.json);

  test("lets the internet reach the listeners and nothing else", () => {
    const open = stack
      .all("aws_vpc_security_group_ingress_rule")
      .filter((rule) => rule.cidr_ipv4 === "0.0.0.0/0")
      .map(({ from_port, to_port, security_group_id }) => [from_port, to_port, security_group_id]);
    const isPublic = environment.edge.cloudFront === undefined;
    const ports = isPublic ? stack.all("aws_lb_listener").map(({ port }) => port) : [];
    expect(open).toHaveLength(ports.length);
    expect(open).toEqual(
      expect.arrayContaining(
        ports.map((port) => [port, port, expect.stringContaining("load-balancer_connections")]),
      ),
    );
  });

  test("has every security group rule as a resource of its own, with a description", () => {
    for (const group of [...stack.all("aws_security_group"), ...stack.all("aws_default_security_group")]) {
      expect(group).not.toHaveProperty("ingress");
      expect(group).not.toHaveProperty("egress");
    }
    for (const rule of rulesOf(stack)) expect(rule.description).toMatch(/\w+ to \w+/);
  });

  test("opens SSH to nobody but the addresses that a bastion names", () => {
    const { bastion } = environment.operations ?? {};
    expect(
      rulesOf(stack)
        .filter((rule) => Number(rule.from_port) <= 22 && Number(rule.to_port) >= 22)
        .map((rule) => rule.cidr_ipv4),
    ).toEqual(bastion?.access === "ssh" ? bastion.from : []);
  });

  test("lets the database talk to nobody", () => {
    const fromDatabase = stack
      .all("aws_vpc_security_group_egress_rule")
      .filter((rule) => String(rule.security_group_id).includes("database"));
    expect(fromDatabase).toEqual([]);
  });

  test("allows no wildcard action, and attaches no managed policy but one that AWS asks for", () => {
    for (const { policy } of [...stack.all("aws_iam_role_policy"), ...stack.all("aws_iam_group_policy")]) {
      for (const { Effect, Action } of JSON.parse(String(policy)).Statement) {
        if (Effect === "Deny") continue;
        expect(Action).toEqual(Action.filter((action: string) => /^[a-z0-9-]+:[A-Za-z]+$/.test(action)));
      }
    }
    const { deployers } = environment.operations ?? {};
    const given = [...(deployers?.planPolicyArns ?? []), ...(deployers?.applyPolicyArns ?? [])];
    const attached = stack.all("aws_iam_role_policy_attachment").map(({ policy_arn }) => policy_arn);
    expect(attached.filter((arn) => !given.includes(String(arn)))).toEqual(
      environment.database.enhancedMonitoring
        ? ["arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"]
        : [],
    );
  });

  test("has IPv4 only, no version that moves by itself, and no password", () => {
    expect(text.replaceAll('"is_ipv6_enabled":false', "")).not.toMatch(/"[^"]*ipv6[^"]*":/i);
    expect(text).not.toContain("$Latest");
    expect(keysOf(stack.json).filter((key) => /^(master_)?password$|^secret_string$/.test(key))).toEqual([]);
  });

  test("hands the app its settings, and no secret among them", () => {
    const keys = environment.compute.fargate ? containerSettings(stack) : instanceSettings(stack);
    expect(keys).toEqual([
      "PORT",
      "NODE_OPTIONS",
      "DB_HOST",
      ...(environment.database.readReplica ? ["DB_REPLICA_HOST"] : []),
      "DB_PORT",
      "DB_NAME",
      "DB_SECRET_ARN",
      ...(environment.storage?.photos ? ["PHOTOS_BUCKET"] : []),
      ...(environment.storage?.directoryTable ? ["DIRECTORY_TABLE"] : []),
      "AWS_REGION",
      ...(environment.edge.cloudFront ? ["RATE_LIMIT"] : []),
      ...(environment.compute.fargate ? [] : ["LOG_GROUP"]),
    ]);
  });

  test("puts a description on everything it hands out", () => {
    expect(Object.keys(stack.json.output ?? {}).sort()).toEqual([
      ...(environment.compute.fargate ? [] : ["auto_scaling_group"]),
      "database_identifier",
      ...(environment.compute.fargate ? ["ecs_cluster", "ecs_service"] : []),
      "instance_log_group",
      "secret_arn",
      "target_group_arn",
      "url",
    ]);
    for (const output of Object.values(stack.json.output ?? {})) expect(output.description).toBeTruthy();
  });

  test("owns the app's log and lets the instance write to it alone", () => {
    expect(stack.all("aws_cloudwatch_log_group")).toContainEqual(
      expect.objectContaining({
        name: `/webstead/${name}/app`,
        retention_in_days: environment.compute.logRetentionDays,
      }),
    );
    const write = stack.all("aws_iam_role_policy").find((policy) => policy.name === "write-log");
    expect(JSON.parse(String(write?.policy)).Statement[0].Resource).toEqual([
      expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\S+\.arn\}:\*$/),
    ]);
  });

  test("refuses to be deleted exactly when it is protected", () => {
    expect(stack.one("aws_lb").enable_deletion_protection).toBe(environment.protect);
    const [database] = stack.all("aws_db_instance").filter((one) => one.replicate_source_db === undefined);
    expect(database?.deletion_protection).toBe(environment.protect);
  });
});

test("the cheap one stands on one leg, the resilient one survives the loss of a zone", () => {
  const [cheap, resistant] = samples.map(({ stack }) => stack);
  expect(cheap?.all("aws_nat_gateway")).toHaveLength(1);
  expect(cheap?.one("aws_db_instance").multi_az).toBe(false);
  expect(resistant?.all("aws_nat_gateway")).toHaveLength(2);
  expect(resistant?.one("aws_db_instance").multi_az).toBe(true);
});

function stackOf(origin: string, environment: Environment) {
  const stack = new Synthesized(new WebAppStack(Testing.app(), environment.name, environment));
  return { origin, name: environment.name, environment, stack };
}

function rulesOf(stack: Synthesized): Block[] {
  return ["ingress", "egress"].flatMap((way) => stack.all(`aws_vpc_security_group_${way}_rule`));
}

function keysOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [key, ...keysOf(child)]);
}

function instanceSettings(stack: Synthesized): string[] {
  const { user_data } = stack.one("aws_launch_template");
  return [...String(user_data).matchAll(/(?:"|\\n)([A-Z_]+)=/g)].map(([, key]) => key ?? "");
}

function containerSettings(stack: Synthesized): string[] {
  const [container] = JSON.parse(String(stack.one("aws_ecs_task_definition").container_definitions));
  return container.environment.map(({ name }: { name: string }) => name);
}
